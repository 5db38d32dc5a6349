import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { JoinFile } from '@moru/types';
import type { HostSpec } from './driver.ts';
import { runInHost } from './namespaces/run.ts';

/** What an instance's first boot is handed, as cloud-init's user data would be: where to enrol, and a token. */
export type JoinHost = (spec: HostSpec) => Promise<JoinFile>;

export interface FirstBoot {
  spec: HostSpec;
  /** folder of the host's disk */
  disk: string;
  join: JoinHost | undefined;
  isEnrolled(): Promise<boolean>;
  /** process of the host, for as long as this boot lasts */
  pid(): number | undefined;
}

/** In the state folder of the agent, which may work as a user of its own; complete as soon as it is there. */
const receive = `set -e
umask 077
cat > /var/lib/moru/join.json.new
chown --reference=/var/lib/moru /var/lib/moru/join.json.new
mv /var/lib/moru/join.json.new /var/lib/moru/join.json`;

const retryMs = { first: 500, most: 10_000 };

/** Beside the disk that a rebuild has thrown away. */
const rebuiltMark = (disk: string) => `${disk}.rebuilt`;

/**
 * A rebuilt host comes up as the image has it: whoever rebuilt it enrols it again, by the steps that the console
 * shows.
 */
export async function markRebuilt(disk: string): Promise<void> {
  await mkdir(join(disk, '..'), { recursive: true });
  await writeFile(rebuiltMark(disk), '');
}

/**
 * Hands a host that was never known what its agent enrols with, as soon as the console gives it. Nothing for one that
 * is enrolled, or was rebuilt. Ends with the boot.
 */
export async function firstBoot({ spec, disk, join: ask, isEnrolled, pid }: FirstBoot): Promise<void> {
  if (!ask || (await isRebuilt(disk)) || (await isEnrolled())) return;
  for (let failures = 0; pid() !== undefined; failures += 1) {
    try {
      const file = await ask(spec);
      const host = pid();
      if (host !== undefined) await runInHost(host, 'sh', ['-c', receive], JSON.stringify(file));
      return;
    } catch {
      // the console is not up yet, or the host is going down
      await delay(Math.min(retryMs.most, retryMs.first * 2 ** failures), undefined, { ref: false });
    }
  }
}

/** Nothing is known any more of a disk that is gone for good. */
export async function forgetRebuilt(disk: string): Promise<void> {
  await rm(rebuiltMark(disk), { force: true });
}

export async function isRebuilt(disk: string): Promise<boolean> {
  return stat(rebuiltMark(disk)).then(
    () => true,
    () => false,
  );
}
