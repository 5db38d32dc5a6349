import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '@moru/types';

/**
 * A write that may have happened all the same: its answer was lost or late, or the other side failed over it. Its
 * problem is what to say when a re-read shows that it did not happen. Never repeated blindly.
 */
export class UnsettledWrite extends ProblemError {
  override readonly name = 'UnsettledWrite';
  /** the other side may still be at it, so one look at the state decides nothing */
  readonly pending: boolean;

  constructor(pending: boolean, ...problem: ConstructorParameters<typeof ProblemError>) {
    super(...problem);
    this.pending = pending;
  }
}

/** Together with the write's own timeout this stays within what a person waits for. */
const patienceMs = 5_000;
const pauseMs = 500;

/**
 * Looks at the state until it shows that the write happened, and resolves to what was seen. `look` gives null while
 * the state does not show it, and rejects when it cannot tell. Rejects with the write's problem, or with
 * `outcome.unknown` when nothing can be seen.
 */
export async function settle<Seen>(failure: UnsettledWrite, look: () => Promise<Seen | null>): Promise<Seen> {
  const deadline = Date.now() + patienceMs;
  const unknown = new ProblemError(
    'outcome.unknown',
    failure.problem.upstream === undefined ? {} : { upstream: failure.problem.upstream },
    { cause: failure },
  );
  for (;;) {
    const seen = await within(deadline - Date.now(), look());
    if (seen.kind === 'yes') return seen.value;
    if (seen.kind === 'no' && !failure.pending) throw failure;
    if (Date.now() + pauseMs >= deadline) throw unknown;
    await sleep(pauseMs);
  }
}

type Look<Seen> = { kind: 'yes'; value: Seen } | { kind: 'no' } | { kind: 'unseen' };

async function within<Seen>(ms: number, looking: Promise<Seen | null>): Promise<Look<Seen>> {
  const stop = new AbortController();
  const late = sleep(ms, { kind: 'unseen' } as const, { signal: stop.signal }).catch(
    () => ({ kind: 'unseen' }) as const,
  );
  const look = looking.then(
    (value): Look<Seen> => (value === null ? { kind: 'no' } : { kind: 'yes', value }),
    (): Look<Seen> => ({ kind: 'unseen' }),
  );
  const first = await Promise.race([look, late]);
  stop.abort();
  return first;
}
