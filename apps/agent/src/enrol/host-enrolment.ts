import { readFile, stat } from 'node:fs/promises';
import { type Credential, type Keeper, type KeeperReport, keepEnrolled } from '@moru/enrolment';
import { agentApiVersion } from '@moru/types';
import packageFile from '../../package.json' with { type: 'json' };
import type { Config } from '../config.ts';
import type { AgentServer } from '../http/server.ts';
import { log, messageOf } from '../log.ts';
import { errorCode } from '../process/durable.ts';
import { credentialFile, joinFile, readEnrolled, writeEnrolled } from './files.ts';
import { joinAtFirstBoot } from './first-boot.ts';
import { alone } from './lock.ts';
import { lookOut } from './look-out.ts';
import { announce, withdraw } from './presence.ts';

/** Keeps the running agent enrolled. */
export interface HostEnrolment {
  /** checks in now, as the console asks for when something has changed */
  nudge(): void;
  /** takes the files as they are now */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** After first boot could not reach the console. */
const retryMs = { first: 2_000, most: 30_000 };

/**
 * Follows the credential's file (`moru-agent enrol` writes it, and nobody has to tell the agent), has it renewed, and
 * enrols by the file of first boot where the host is not known yet.
 */
export async function startHostEnrolment(
  config: Config,
  server: Pick<AgentServer, 'lastRead' | 'reload'>,
): Promise<HostEnrolment> {
  const stopping = new AbortController();
  const readCredential = () => readFile(credentialFile(config), 'utf8').catch(() => null);
  let keeper: Keeper | null = null;
  /** none yet: the credential may have come since the server looked for it */
  let seen = '';
  let unreadable = false;
  let working: Promise<void> = Promise.resolve();
  const boot = { after: 0, failures: 0, useless: '' };

  /** Only one at a time looks or changes. */
  const inOrder = (act: () => Promise<void>) => {
    working = working.then(act, act);
    return working;
  };

  const saveFor = (address: string) => async (next: Credential) => {
    await alone(config, async () => {
      // somebody enrolled anew at the host's own console
      if ((await readCredential()) !== server.lastRead)
        throw new Error('the credential was replaced meanwhile');
      await writeEnrolled(config, { credential: next, server: address });
    });
    await server.reload();
  };

  const keep = async () => {
    await keeper?.stop();
    keeper = null;
    try {
      const enrolled = await readEnrolled(config);
      if (!enrolled) return;
      const about = { agent: packageFile.version, api: agentApiVersion };
      keeper = keepEnrolled({ ...enrolled, ...about, save: saveFor(enrolled.server), report });
    } catch (error) {
      log.error('the certificate will not be renewed', { reason: messageOf(error) });
    }
  };

  const reload = async () => {
    await server.reload();
    await keep();
  };

  /** False where the file is there and cannot be read: it may be another user's for a moment. */
  const take = async () => {
    const text = await readFile(credentialFile(config), 'utf8').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return null;
      if (!unreadable) log.error('the credential cannot be read', { reason: messageOf(error) });
      return undefined;
    });
    unreadable = text === undefined;
    if (text !== undefined && text !== server.lastRead) await reload();
    return !unreadable;
  };

  const boots = async () => {
    const mark = await markOf(joinFile(config));
    if (mark === '' || mark === boot.useless || performance.now() < boot.after) return;
    const outcome = await joinAtFirstBoot(config, stopping.signal);
    if (outcome === 'failed') boot.useless = mark;
    if (outcome === 'later') {
      boot.after = performance.now() + Math.min(retryMs.most, retryMs.first * 2 ** boot.failures);
      boot.failures += 1;
    }
    if (outcome === 'joined') await take();
  };

  const look = async () => {
    const mark = await markOf(credentialFile(config));
    if (mark !== seen && (await take())) seen = mark;
    if (mark === '') await boots();
  };

  await announce(config);
  await keep();
  // one who waits for an approval at first boot looks again when that is decided
  const looking = lookOut(config.tlsFolder, async () => {
    await inOrder(look);
    return seen !== '';
  });

  return {
    nudge: () => keeper?.nudge(),
    reload: () => inOrder(reload),
    async stop() {
      looking.close();
      stopping.abort();
      await Promise.all([keeper?.stop(), withdraw(config)]);
    },
  };
}

/** Changes whenever the file does; empty where there is none. */
async function markOf(path: string): Promise<string> {
  const stats = await stat(path).catch(() => null);
  return stats ? `${stats.ino} ${stats.mtimeMs} ${stats.size}` : '';
}

function report({ event, ...fields }: KeeperReport): void {
  if (event === 'changed') log.info('credential changed', fields);
  if (event === 'failed') log.error('could not check in', fields);
  if (event === 'ended') {
    log.error('this host is not enrolled any more: `moru-agent enrol` here makes it known again', fields);
  }
}
