import { type Family, ProblemError } from '@moru/types';
import { isBusy, wordsOf } from '../firewall/tools.ts';
import type { Outcome } from '../process/start.ts';
import type { FamilyChange } from './apply.ts';
import { payloadText, testRestore } from './read-changes.ts';
import { type RevertPayload, revertPayloads } from './revert-payload.ts';

/** A family's change with its way back, and why the host's own tool does not take them; null where it does. */
export interface WayBack {
  change: FamilyChange;
  payloads: RevertPayload[];
  asked: Promise<unknown>;
}

const payloadsOf = ({ base, wanted, tables, iptables }: FamilyChange) =>
  revertPayloads(base, wanted, tables, iptables.version.backend);

/**
 * Plans the way back and has the host's own tool asked, which takes its time: it is heard (`refusalOf`) before the
 * trial is armed. `asked`: where it was asked of the same rules already.
 */
export function planWayBack(change: FamilyChange, asked: WayBack['asked'] | null = null): WayBack {
  const payloads = payloadsOf(change);
  return { change, payloads, asked: asked ?? askTool(change, payloads) };
}

/** Never rejects: resolves with the refusal, or null. */
export const askTool = (change: FamilyChange, payloads = payloadsOf(change)): WayBack['asked'] =>
  assertTaken(change, payloads).then(
    () => null,
    (error: unknown) => error,
  );

/** What the tool does not take, once all tests have ended; null where it takes everything. */
export async function refusalOf(ways: readonly WayBack[]): Promise<unknown> {
  const answers = await Promise.all(ways.map(({ asked }) => asked));
  return answers.find((each) => each !== null) ?? null;
}

/**
 * Throws ProblemError unless the host's own tool takes the change and the way back: both as one input first, for each
 * start of a program costs more than what it reads; alone where it does not, to tell which it is.
 */
async function assertTaken(change: FamilyChange, payloads: readonly RevertPayload[]): Promise<void> {
  const back = payloads.map(({ rules }) => rules).join('');
  const text = `${payloadText(change)}${back}`;
  const asOne = bothAsOne(change, text);
  if (asOne !== null && (await testRestore(change.iptables, asOne)).exitCode === 0) return;
  const both = await testRestore(change.iptables, text);
  if (both.exitCode === 0) return;
  if (isBusy(both, change.iptables)) throw refused(both, change);
  await assertWayBack(change, back);
  await assertLoads(change);
  throw refused(both, change);
}

/**
 * Both without the COMMIT between them: nft waits for a grace period of the kernel (5 to 16 ms) at each, also of a test,
 * and takes a chain that is declared twice (reference/iptables.md section 1.2), which legacy refuses. Null where
 * that is not to be had. One that is refused says nothing: what goes and comes back in one batch may be too much.
 */
function bothAsOne({ iptables, tables: [table, ...others] }: FamilyChange, text: string): string | null {
  if (iptables.strategy !== 'verify' || others.length > 0) return null;
  return text.replace(`\nCOMMIT\n*${table}\n`, '\n');
}

async function assertWayBack(change: FamilyChange, back: string): Promise<void> {
  const outcome = await testRestore(change.iptables, back);
  if (outcome.exitCode === 0) return;
  const busy = isBusy(outcome, change.iptables);
  const detail = 'The rules that run now would not load again, so there would be no way back.';
  throw new ProblemError(busy ? 'host.busy' : 'host.failed', { detail, ...wordsOf(outcome) });
}

async function assertLoads(change: FamilyChange): Promise<void> {
  const outcome = await testRestore(change.iptables, payloadText(change));
  if (outcome.exitCode !== 0) throw refused(outcome, change);
}

const refused = (outcome: Outcome, { iptables }: FamilyChange) =>
  new ProblemError(isBusy(outcome, iptables) ? 'host.busy' : 'rule.refused', wordsOf(outcome));

/** Names as the guard looks for them. */
export function revertFiles(
  family: Family,
  payloads: readonly RevertPayload[],
): [name: string, text: string][] {
  return payloads.flatMap(({ table, rules, tidy, chains }) => {
    const step = `${family}.${table}`;
    const numbered = (kind: string, texts: string[]) =>
      texts.map((text, index): [string, string] => [`${kind}.${step}.${index}`, text]);
    return [
      [`revert.${step}`, rules] as [string, string],
      ...numbered('tidy', tidy),
      ...numbered('chains', chains),
    ];
  });
}
