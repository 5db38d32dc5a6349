import { type Family, type IptablesVersion, ProblemError } from '@moru/types';
import { maxDumpBytes } from '../large/limits.ts';
import { findProgram, programPrint } from '../process/find.ts';
import { type Outcome, runProgram } from '../process/start.ts';
import { escapeControls } from './hostile.ts';

/**
 * How a change is committed (design/safe-change.md, step 4):
 * - `lock`: legacy from 1.6.2; iptables-restore itself holds the lock from `*table` to COMMIT
 * - `outerLock`: legacy before that; restore takes no lock, so one is held around it
 * - `verify`: nft; no lock exists, so edits are made by full specification and compared afterwards
 */
export type Strategy = 'lock' | 'outerLock' | 'verify';

export interface Iptables {
  family: Family;
  version: IptablesVersion;
  strategy: Strategy;
  /** absolute paths */
  programs: { iptables: string; save: string; restore: string };
  dumps: Dumps;
}

/** The size of dumps of rules, in bytes. */
export interface Dumps {
  /** this process leaves larger ones to another */
  readonly max: number;
  /** of those that it has read; 0 before the first */
  largest: number;
}

export interface Tools {
  /** The tools of a family as they are now. Throws ProblemError `host.iptablesMissing` or `host.failed`. */
  of(family: Family): Promise<Iptables>;
  dumps: Dumps;
}

/** What the names of a family's programs begin with. */
export const prefixes: Record<Family, string> = { ipv4: 'iptables', ipv6: 'ip6tables' };

/** `iptables v1.8.9 (nf_tables)`; before 1.8 there is no back end in brackets and it is legacy. */
export function parseVersion(text: string): IptablesVersion | null {
  const raw = text.trim();
  const parts = /^ip6?tables v(\d+\.\d+(?:\.\d+)*)\S*(?: \((legacy|nf_tables)\))?$/.exec(raw);
  if (!parts?.[1]) return null;
  return { raw, version: parts[1], backend: parts[2] === 'nf_tables' ? 'nf_tables' : 'legacy' };
}

/** Restore takes the lock where it knows `-w`, from 1.6.2 on (reference/iptables.md section 4.2). */
export function strategyOf({ backend }: Pick<IptablesVersion, 'backend'>, knowsWait: boolean): Strategy {
  if (backend === 'nf_tables') return 'verify';
  return knowsWait ? 'lock' : 'outerLock';
}

/**
 * Whether restore knows `-w`, told by what it does and not by its number, for distributions add to old versions. An
 * empty input changes nothing and takes no lock.
 */
async function takesWait({ restore }: Iptables['programs']): Promise<boolean> {
  const args = ['-n', '-c', '-w', '1', '--test'];
  const { exitCode } = await runProgram(restore, args, { timeoutMs: 5_000, maxBytes: 4096 }, '');
  return exitCode === 0;
}

/**
 * Whether a program gave up waiting for the xtables lock, or was given up. Legacy exits with 4 for the lock only;
 * nft, which has none, does so for what the kernel refuses (reference/iptables.md section 1.2, exit codes).
 */
export function isBusy({ exitCode, timedOut }: Outcome, { strategy }: Iptables): boolean {
  return timedOut || (exitCode === 4 && strategy !== 'verify');
}

/** The tool's own words for a problem document, where it said anything. */
export function wordsOf(outcome: Outcome): { upstream?: string } {
  const words = escapeControls(outcome.stderr.trim());
  return words === '' ? {} : { upstream: words };
}

/** Nothing was changed: iptables-restore said no, or did not get to an end. */
export function refusal(outcome: Outcome, iptables: Iptables): ProblemError {
  return new ProblemError(isBusy(outcome, iptables) ? 'host.busy' : 'rule.refused', wordsOf(outcome));
}

function locate(family: Family): Iptables['programs'] {
  const name = prefixes[family];
  const [iptables, save, restore] = [name, `${name}-save`, `${name}-restore`].map(findProgram);
  if (!iptables || !save || !restore) throw new ProblemError('host.iptablesMissing');
  return { iptables, save, restore };
}

async function detect(family: Family, programs: Iptables['programs']): Promise<Omit<Iptables, 'dumps'>> {
  const outcome = await runProgram(programs.iptables, ['-V'], { timeoutMs: 5_000, maxBytes: 4096 });
  const version = parseVersion(outcome.stdout);
  if (!version) {
    throw new ProblemError('host.failed', {
      detail: 'The version of iptables cannot be read.',
      ...wordsOf(outcome),
    });
  }
  const knowsWait = version.backend === 'legacy' && (await takesWait(programs));
  return { family, version, strategy: strategyOf(version, knowsWait), programs };
}

/** Remembers what was found per family, and looks again when a program on the disk is another one. */
export function createTools(max = maxDumpBytes): Tools {
  const dumps: Dumps = { max, largest: 0 };
  const known = new Map<Family, { print: string; tools: Iptables }>();
  return {
    dumps,
    of: async (family) => {
      const programs = locate(family);
      const print = Object.values(programs).map(programPrint).join('\n');
      const found = known.get(family);
      if (found?.print === print) return found.tools;
      const tools = { ...(await detect(family, programs)), dumps };
      known.set(family, { print, tools });
      return tools;
    },
  };
}
