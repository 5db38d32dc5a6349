import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../process/start.ts';
import { factsOf } from '../testing/facts.ts';
import { readBootFiles } from './boot-files.ts';
import { ownPath } from './netplan-file.ts';
import { checkNetplan, type NetplanCommand, planPersist, writePersist } from './persist.ts';

const machines = join(import.meta.dirname, '../../../../../.moru/machines');

/** A tree with netplan in it, as machines are booted from; null where none was made yet. */
async function treeWithNetplan(): Promise<string | null> {
  for (const name of await readdir(machines).catch(() => [])) {
    const found = await readdir(join(machines, name, 'usr/share/netplan')).catch(() => null);
    if (found) return join(machines, name);
  }
  return null;
}

const tree = process.getuid?.() === 0 ? await treeWithNetplan() : null;

/** netplan of that tree in a mount namespace, so that nothing of the tree changes. `$4` is the copy's folder. */
const script = `set -e
mount -t tmpfs tmpfs "$1/mnt"
mkdir "$1/mnt/root"
mount --bind "$4" "$1/mnt/root"
exec chroot "$1" /usr/sbin/netplan generate --root-dir /mnt/root`;
const command = (folder: string): NetplanCommand => ({
  program: '/usr/bin/unshare',
  args: ['--mount', '--net', '/bin/sh', '-c', script, 'sh', folder],
});

describe.skipIf(tree === null)(
  'netplan of a machine’s image (skipped where none was made, or without root)',
  () => {
    let root: string;
    const [, gateway] = factsOf().routes;
    const change = { deleted: gateway ? [gateway] : [], added: [], interfaces: factsOf().interfaces };

    beforeEach(async () => {
      root = await mkdtemp(join(tmpdir(), 'moru-keep-'));
      await mkdir(join(root, 'etc/netplan'), { recursive: true, mode: 0o755 });
      const ethernets = 'eth0: {dhcp4: true}\n    eth1:\n      dhcp4: true\n';
      const text = `network:\n  version: 2\n  renderer: networkd\n  ethernets:\n    ${ethernets}`;
      await writeFile(join(root, 'etc/netplan/50-cloud-init.yaml'), text, { mode: 0o600 });
    });
    afterEach(() => rm(root, { recursive: true }));

    it('takes the file, and the lease loses its routes', async () => {
      const boot = await readBootFiles(root);
      const plan = planPersist(boot, change);
      await writePersist(plan, boot.tool, root, command(tree ?? ''));
      const written = await readFile(join(root, ownPath), 'utf8');
      expect(written).toBe(plan.files[0]?.after);
      // once more in place, to see what it makes of all files together
      const { program, args } = command(tree ?? '');
      const limits = { timeoutMs: 30_000, maxBytes: 65_536 };
      const outcome = await runProgram(program, [...args, 'generate', '--root-dir', root], limits);
      expect(outcome.stderr).toBe('');
      const unit = (name: string) =>
        readFile(join(root, `run/systemd/network/10-netplan-${name}.network`), 'utf8');
      expect(await unit('eth1')).toMatch(/UseRoutes=false/);
      expect(await unit('eth0')).not.toMatch(/UseRoutes/);
    });

    it('F6: a file that netplan refuses is not written', async () => {
      const boot = await readBootFiles(root);
      const plan = {
        ...planPersist(boot, change),
        files: [{ path: ownPath, before: null, after: 'network: {bad: [}\n' }],
      };
      const written = writePersist(plan, boot.tool, root, command(tree ?? ''));
      await expect(written).rejects.toMatchObject({
        problem: { code: 'file.refused', upstream: expect.stringMatching(/90-moru/) },
      });
      expect(await readdir(join(root, 'etc/netplan'))).toEqual(['50-cloud-init.yaml']);
    });

    it('asks nobody where there is no netplan', async () => {
      expect(await checkNetplan([], root)).toBeNull();
    });
  },
);
