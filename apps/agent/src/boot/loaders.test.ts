import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findLoaders } from './loaders.ts';
import { sshdPorts } from './sshd-ports.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'moru-loaders-'));
});
afterEach(() => rm(root, { recursive: true }));

async function put(path: string, text = '', mode = 0o644): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
  await chmod(join(root, path), mode);
}
async function link(path: string, target: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await symlink(target, join(root, path));
}
const found = async () => (await findLoaders(root)).map(({ name, active, loads }) => [name, active, loads]);
const script = '#!/bin/sh\niptables-restore < /etc/iptables.rules\n';

it('finds nothing on a bare host', async () => {
  expect(await findLoaders(root)).toEqual([]);
});

it('the guide’s script: only with ifupdown, executable, and by a name that run-parts takes', async () => {
  const path = '/etc/network/if-pre-up.d/iptables';
  await put(path, script, 0o755);
  expect(await findLoaders(root)).toEqual([
    {
      name: 'ifupdown',
      active: false,
      loads: '/etc/iptables.rules',
      reason: expect.stringContaining('not installed'),
    },
  ]);
  await put('/sbin/ifup', '', 0o755);
  expect(await found()).toEqual([['ifupdown', true, '/etc/iptables.rules']]);
  await chmod(join(root, path), 0o644);
  expect((await findLoaders(root))[0]).toMatchObject({
    active: false,
    reason: expect.stringContaining('executable'),
  });
  await rm(join(root, path));
  await put(`${path}.sh`, script, 0o755);
  expect((await findLoaders(root))[0]).toMatchObject({
    active: false,
    reason: expect.stringContaining('run-parts'),
  });
  await rm(join(root, `${path}.sh`));
  await put(path, '#!/bin/sh\n# iptables-restore < /etc/iptables.rules\n', 0o755);
  expect(await found()).toEqual([]);
});

it('netfilter-persistent: started, with its plugin, with its file', async () => {
  const unit = 'netfilter-persistent.service';
  await put(`/lib/systemd/system/${unit}`);
  expect(await found()).toEqual([['netfilter-persistent', false, '/etc/iptables/rules.v4']]);
  await link(`/etc/systemd/system/multi-user.target.wants/${unit}`, `/lib/systemd/system/${unit}`);
  expect((await findLoaders(root))[0]?.reason).toContain('no plugin');
  await put('/usr/share/netfilter-persistent/plugins.d/15-ip4tables', '', 0o755);
  expect((await findLoaders(root))[0]?.reason).toContain('rules.v4 is not there');
  await put('/etc/iptables/rules.v4');
  expect(await found()).toEqual([['netfilter-persistent', true, '/etc/iptables/rules.v4']]);
  await link(`/etc/systemd/system/${unit}`, '/dev/null');
  expect((await findLoaders(root))[0]).toMatchObject({
    active: false,
    reason: expect.stringContaining('masked'),
  });
});

it('our own unit, ufw, the interfaces file and rc.local', async () => {
  await put('/lib/systemd/system/moru-agent-restore.service');
  await link('/etc/systemd/system/network-pre.target.wants/moru-agent-restore.service', '/nowhere');
  await put('/etc/ufw/ufw.conf', '# ENABLED=yes\nENABLED=no\n');
  await put(
    '/etc/network/interfaces',
    'auto eth0\niface eth0 inet dhcp\n  pre-up iptables-restore < /etc/fw.rules\n',
  );
  await put('/etc/rc.local', script);
  expect(await found()).toEqual([
    ['Moru', true, '/etc/iptables.rules'],
    ['ufw', false, null],
    ['interfaces', false, '/etc/fw.rules'],
    ['rc.local', false, '/etc/iptables.rules'],
  ]);
});

it('reads the ports of the SSH server', async () => {
  const folder = join(root, '/etc/ssh');
  expect(await sshdPorts(folder)).toEqual([22]);
  await put('/etc/ssh/sshd_config', '#Port 22\nPort 2222\n  Port 22022\nListenAddress 0.0.0.0\n');
  await put('/etc/ssh/sshd_config.d/a.conf', 'port 2223\n');
  await put('/etc/ssh/sshd_config.d/b.conf.bak', 'Port 1\n');
  expect(await sshdPorts(folder)).toEqual([2222, 22022, 2223]);
});
