import { readFile, unlink } from 'node:fs/promises';
import { EnrolmentFailure } from '@moru/enrolment';
import { joinFileSchema } from '@moru/types';
import type { Config } from '../config.ts';
import { log, messageOf } from '../log.ts';
import { errorCode } from '../process/durable.ts';
import { joinFile } from './files.ts';
import { joinInstallation } from './join.ts';

/** As long as a request may wait for somebody who compares fingerprints. */
const waitMs = 24 * 3_600_000;

export type FirstBoot = 'nothing' | 'joined' | 'later' | 'failed';

/**
 * Enrols a host that nobody stands at, by the file that its first boot has left: server and token. The file goes once
 * it has been used. `later`: the network or the console may not be there yet; `failed`: only another file helps.
 */
export async function joinAtFirstBoot(config: Config, signal: AbortSignal): Promise<FirstBoot> {
  const path = joinFile(config);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'nothing';
    log.error('the join file cannot be read', { path, reason: messageOf(error) });
    return 'failed';
  }
  try {
    const wish = joinFileSchema.parse(JSON.parse(text));
    await joinInstallation(config, { ...wish, waitMs, signal });
    await unlink(path);
    return 'joined';
  } catch (error) {
    if (signal.aborted) return 'later';
    const passing = error instanceof EnrolmentFailure && error.passing;
    log.error(passing ? 'not enrolled yet' : 'not enrolled: the join file is of no use', {
      reason: messageOf(error),
    });
    return passing ? 'later' : 'failed';
  }
}
