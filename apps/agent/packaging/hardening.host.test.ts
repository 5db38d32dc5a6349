import { imageForTestsMs } from '@moru/hosts/testing/machine-image';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../src/testing/until.ts';
import { busyMs, openPark, type Park, type TestMachine } from './testing/park.ts';

let park: Park | { missing: string };
const machines = {} as Record<'legacy' | 'nft', TestMachine>;

beforeAll(async () => {
  park = await openPark();
  if ('missing' in park) return;
  const { boot } = park;
  [machines.legacy, machines.nft] = await Promise.all([
    boot('hard-legacy', 'legacy'),
    boot('hard-nft', 'nft'),
  ]);
}, imageForTestsMs);
afterAll(async () => {
  if (park && 'close' in park) await park.close();
});
beforeEach(({ skip }) => {
  if ('missing' in park) skip(park.missing);
});

const units = '/usr/lib/systemd/system/moru-*';

/** init_module(2) with nothing to load: EFAULT or ENOEXEC to whoever may, EPERM to whoever may not. */
const loadModule = `import ctypes, errno, platform, sys
number = {"x86_64": 175, "aarch64": 105}[platform.machine()]
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(number, 0, 0, 0)
sys.exit(ctypes.get_errno() == errno.EPERM)`;

it('`systemd-analyze verify` has nothing to say, and could', async () => {
  expect(await machines.legacy.sh(`systemd-analyze verify ${units} 2>&1`)).toBe('');
  await machines.legacy.sh(
    'sed s/^Restart=.*/Restart=perhaps/ /usr/lib/systemd/system/moru-agent.service > /run/x.service',
  );
  expect(await machines.legacy.sh('systemd-analyze verify /run/x.service 2>&1 || :')).toContain('perhaps');
});

it('T16: no service is more exposed than 3.0 of 10, by `systemd-analyze security`', async () => {
  const exposure = async (unit: string) => {
    const text = await machines.legacy.sh(`systemd-analyze security --offline=true ${unit} | tail -1`);
    return Number(/: (\d+\.\d+) /.exec(text)?.[1]);
  };
  const services = (await machines.legacy.sh(`ls ${units}.service`)).trim().split('\n');
  expect(services).toHaveLength(5);
  for (const service of services) expect(await exposure(service)).toBeLessThanOrEqual(3);
  expect(await exposure('ssh.service')).toBeGreaterThan(9);
});

describe.each(['legacy', 'nft'] as const)('T16: on a machine with %s', { timeout: 120_000 }, (backend) => {
  let machine: TestMachine;
  beforeEach(async () => {
    machine = machines[backend];
    await machine.answers();
  });

  /** Runs a script where the agent runs: the unit itself, with another program. Answers what it printed. */
  async function inUnit(script: string): Promise<string> {
    const unit = '/run/systemd/system/moru-agent.service.d';
    const program = '/usr/lib/moru-agent/probe';
    await machine.put(
      program,
      `#!/bin/sh\nexec > /run/moru/said 2>&1\n${script}\necho over\nsleep infinity\n`,
    );
    await machine.sh(`chmod 755 ${program} && mkdir -p ${unit}`);
    await machine.put(`${unit}/probe.conf`, `[Service]\nExecStart=\nExecStart=${program}\n`);
    await machine.sh('systemctl daemon-reload && systemctl restart moru-agent');
    try {
      const { text } = await until(busyMs, async () => {
        const said = await machine.sh('cat /run/moru/said 2> /dev/null || :');
        return said.endsWith('over\n') && { text: said.slice(0, -'over\n'.length) };
      });
      return text;
    } finally {
      await machine.sh(`rm -r ${unit} ${program} && systemctl daemon-reload && systemctl restart moru-agent`);
    }
  }

  it('the agent runs as a user of its own, with two capabilities and no way to more', async () => {
    const said = await inUnit(`id -un; grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status`);
    expect(said.replaceAll(/\t+/g, ' ').trim().split('\n')).toEqual([
      'moru-agent',
      // CAP_NET_ADMIN and CAP_NET_RAW, 12 and 13
      ...['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((set) => `${set}: 0000000000003000`),
      'NoNewPrivs: 1',
      'Seccomp: 2',
    ]);
  });

  it('applies, confirms and saves with nothing but that', async () => {
    const open = [':INPUT ACCEPT [0:0]', '-A INPUT -p tcp -m tcp --dport 8080 -j ACCEPT'];
    const nat = '*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -s 192.0.2.1/32 -j ACCEPT\nCOMMIT\n';
    const { revision } = (await machine.client('GET', '/v1/firewall?family=ipv4')).body;
    const ipv6 = await machine.trial.revision('ipv6');
    const { status, body } = await machine.client('POST', '/v1/trials', {
      ipv4: { revision, rules: `*filter\n${open.join('\n')}\nCOMMIT\n${nat}` },
      ipv6: {
        revision: ipv6,
        rules: '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p ipv6-icmp -j ACCEPT\nCOMMIT\n',
      },
      idempotencyKey: 'key-of-the-hardening-test',
      author: 'tester',
      waitSeconds: 60,
      save: true,
    });
    expect({ status, body }).toMatchObject({ status: 201, body: { state: 'applied' } });
    const confirmed = await machine.trial.confirm(body.id, body.secret);
    expect(confirmed.body.confirmed.trouble).toBe('');
    expect(confirmed.body.confirmed.saved.toSorted()).toEqual(['ipv4', 'ipv6']);
    expect(await machine.trial.rules()).toContain('--dport 8080');
    expect(await machine.sh('cat /etc/iptables.rules')).toContain('-A POSTROUTING -s 192.0.2.1/32');
    expect(await machine.sh('cat /etc/ip6tables.rules')).toContain('ipv6-icmp');
    expect((await machine.sh('stat -c "%a %U %G" /etc/iptables.rules')).trim()).toBe('640 root root');
    const state = (await machine.client('GET', '/v1/firewall?family=ipv4')).body;
    expect(state.saved).toMatchObject({ exists: true, matches: true });
  });

  it('reads no secret of the host, also after a password was changed', async () => {
    await machine.sh('for file in /root/secret /etc/private-key; do install -m 600 /dev/null $file; done');
    const files = [
      '/etc/shadow',
      '/etc/gshadow',
      ...(await machine.sh('ls /etc/ssh/*_key')).trim().split('\n'),
      '/etc/private-key',
      '/root/secret',
    ];
    // as passwd(1) does it: what was mounted over the old file to hide it would be gone with it
    await machine.sh('cp -p /etc/shadow /etc/shadow+ && mv /etc/shadow+ /etc/shadow');
    const said = await inUnit(files.map((file) => `cat ${file} > /dev/null && echo read ${file}`).join('\n'));
    expect(said.trim().split('\n')).toEqual(files.map((file) => `cat: ${file}: Permission denied`));
    expect(said).not.toMatch(/^read/m);
  });

  it('writes nowhere but into its own folders', async () => {
    const places = [
      '/etc',
      '/etc/iptables.rules',
      '/usr',
      '/usr/lib/moru-agent',
      '/var',
      '/var/log',
      '/var/lib/moru-kept',
    ];
    const others = [
      '/run',
      '/run/systemd/system',
      '/root',
      '/home',
      '/dev/shm',
      '/proc/sys/net/ipv4/ip_forward',
      '/sys/fs/cgroup',
    ];
    const attempt = (place: string) =>
      `for f in ${place} ${place}/moru-attempt; do (echo 1 > $f) 2> /dev/null && echo wrote $f; done`;
    const script = [...places, ...others].map(attempt).join('\n');
    expect(await inUnit(`${script}\ntouch /var/lib/moru/mine /tmp/mine /run/moru/mine && echo its own`)).toBe(
      'its own\n',
    );
    await machine.sh('rm /var/lib/moru/mine');
    expect(await machine.sh('ls /tmp')).not.toContain('mine');
  });

  it('cannot load a module, start a unit, become root, trace or leave', async () => {
    const said = await inUnit(`
      refused() { "$@" > /dev/null 2>&1 && echo "did: $*"; }
      cp /usr/bin/true /var/lib/moru/program && chmod 755 /var/lib/moru/program
      refused /var/lib/moru/program
      rm /var/lib/moru/program
      refused python3 -c '${loadModule}'
      refused systemd-run --wait true
      refused systemctl restart ssh
      refused systemctl stop moru-guard.path
      refused busctl call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.DBus.Peer Ping
      refused setpriv --reuid=0 true
      refused unshare --user true
      refused unshare --mount true
      refused mount -t tmpfs tmpfs /tmp
      refused kill -0 1
      refused chown root /var/lib/moru
      refused hostname other`);
    expect(said).toBe('');
    // the same outside of the unit: the list is not refused for want of the programs
    expect(
      await machine.sh('systemd-run --quiet --wait true && unshare --mount true && kill -0 1 && echo did'),
    ).toBe('did\n');
  });

  it('of root it has the few files that the helper knows, and not by another way', async () => {
    const ask = `import socket
for path in ['/etc/shadow', '/etc/netplan/50-cloud-init.yaml', '/etc/netplan/../shadow']:
  s = socket.socket(socket.AF_UNIX)
  s.connect('/run/moru-files.sock')
  s.sendall(('read ' + path + '\\n').encode())
  s.shutdown(1)
  print(s.makefile().readline().strip())`;
    await machine.put('/var/lib/moru/ask.py', ask);
    const said = await inUnit('cat /etc/netplan/50-cloud-init.yaml; python3 /var/lib/moru/ask.py');
    await machine.sh('rm /var/lib/moru/ask.py');
    expect(said.trim().split('\n')).toEqual([
      expect.stringContaining('Permission denied'),
      "refused /etc/shadow is none of the agent's files",
      expect.stringMatching(/^ok \d+ \d+$/),
      expect.stringMatching(/^refused/),
    ]);
    // for the agent's user only
    const other = await machine.run('setpriv', ['--reuid=nobody', '--clear-groups', 'python3', '-c', ask]);
    expect(other.stderr).toContain('PermissionError');
  });
});
