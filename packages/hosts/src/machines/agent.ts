import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, runInHost } from '../namespaces/run.ts';

const checkout = fileURLToPath(new URL('../../../..', import.meta.url));

/** What is installed on a machine: what anybody would install on a server. */
export interface MachineAgent {
  /** the Node that runs it, of this computer; the machine sees it as /usr/local/bin/node */
  node: string;
  /** the agent's Debian package */
  deb: string;
}

/** Two seconds on an idle computer. */
const packageMs = 60_000;
const installMs = 60_000;

/** The agent of this checkout, packaged as `npm run package -- agent` does it. */
export async function packagedAgent(): Promise<MachineAgent> {
  const folder = join(checkout, '.moru', 'agent');
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, 'new-'));
  try {
    const recipe = join(checkout, 'apps/agent/packaging/main.ts');
    await run(process.execPath, [recipe, '--out', work], '', packageMs);
    const name = (await readdir(work)).find((file) => file.endsWith('.deb'));
    if (!name) throw new Error('the recipe of the agent made no .deb');
    // another installation of this checkout may be at it as well
    await rename(join(work, name), join(folder, name));
    return { node: process.execPath, deb: join(folder, name) };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Installs the package on a machine that runs, or upgrades to it; nothing where it was the last one installed. */
export async function installAgent(leader: number, disk: string, { deb }: MachineAgent): Promise<void> {
  const content = await readFile(deb);
  const sum = createHash('sha256').update(content).digest('hex');
  const note = join(disk, 'agent');
  if ((await readFile(note, 'utf8').catch(() => '')) === sum) return;
  const inside = '/var/cache/moru-agent.deb';
  await copyFile(deb, `/proc/${leader}/root${inside}`);
  await runInHost(leader, 'dpkg', ['--force-confold', '--install', inside], '', installMs);
  await rm(`/proc/${leader}/root${inside}`);
  await writeFile(note, sum);
}
