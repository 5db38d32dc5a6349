import { readdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { guardScript } from './guard-script.ts';
import { unpackedPackage } from './packages.ts';

/** A clock of their own for agent and guard; that of the machine stays as it is, and so do the monotonic ones. */
export interface FakeClock {
  /** for whoever is to live by it */
  environment: NodeJS.ProcessEnv;
  /** Sets it so many days ahead, or back where that is negative. */
  set(days: number): Promise<void>;
}

/** Makes the clock's files in `folder`. Throws where libfaketime is not unpacked. */
export async function makeFakeClock(folder: string): Promise<FakeClock> {
  const tree = unpackedPackage('libfaketime');
  if (!tree) throw new Error('libfaketime is not unpacked: npm test does that, as root on Debian');
  const libraries = join(tree, 'usr/lib');
  const [platform = ''] = readdirSync(libraries).filter((name) => name.endsWith('-linux-gnu'));
  const file = join(folder, 'clock');
  const set = async (days: number) => {
    await writeFile(`${file}.new`, `${days < 0 ? '' : '+'}${days}d\n`);
    await rename(`${file}.new`, file);
  };
  await set(0);
  const preload = {
    LD_PRELOAD: join(libraries, platform, 'faketime/libfaketimeMT.so.1'),
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  // the agent gives its children no environment, so the guard gets its clock on the way
  const exports = Object.entries(preload).map(([name, value]) => `export ${name}='${value}'`);
  const guard = join(folder, 'guard.sh');
  await writeFile(guard, `#!/bin/sh\n${exports.join('\n')}\nexec sh '${guardScript}' "$@"\n`);
  return { environment: { ...preload, MORU_AGENT_GUARD: guard }, set };
}
