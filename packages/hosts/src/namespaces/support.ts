import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { workingBackends } from './fabric.ts';
import { run } from './run.ts';

export type NamespaceSupport =
  | { available: true; backends: ('legacy' | 'nft')[] }
  | { available: false; reason: string };

/** Whether this machine lets the installation have real hosts; tries it instead of guessing. */
export async function namespaceSupport(dataFolder: string): Promise<NamespaceSupport> {
  if (process.platform !== 'linux') return { available: false, reason: `not Linux (${process.platform})` };
  if (process.getuid?.() !== 0) return { available: false, reason: 'not started as root' };
  const folder = await mkdtemp(join(dataFolder, 'trial-'));
  try {
    const trial =
      'mkdir upper work && mount -t overlay -o lowerdir=/etc,upperdir=upper,workdir=work overlay /etc && ip link show lo';
    await run('unshare', [
      '--net',
      '--mount',
      '--pid',
      '--uts',
      '--fork',
      '--kill-child',
      '--mount-proc',
      `--wd=${folder}`,
      'sh',
      '-c',
      trial,
    ]);
    const backends = await workingBackends();
    if (!backends.includes('nft')) return { available: false, reason: 'iptables-nft does not work here' };
    return { available: true, backends };
  } catch (error) {
    return { available: false, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
