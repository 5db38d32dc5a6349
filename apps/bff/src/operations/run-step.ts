import { ProblemError } from '@moru/types';
import { settle, UnsettledWrite } from '../settle.ts';
import type { Facts, StoredStep } from './model.ts';
import type { Primitive, StepContext } from './primitives.ts';

/** How a step ended: with what it found out, or with why it did not. */
export type StepEnd = { state: 'done'; facts: Facts } | { state: 'failed' | 'unknown'; error: ProblemError };

/**
 * Makes a step's change, unless an earlier attempt has made it: then the world shows it. Where the answer is lost, the
 * world is looked at until it tells. `beforeRun` stores that the change may be under way from here on.
 */
export async function runStep(
  primitive: Primitive,
  step: StoredStep,
  context: StepContext,
  beforeRun: () => Promise<void>,
): Promise<StepEnd> {
  const look = () => primitive.look(context, step.args);
  if (step.state !== 'waiting') {
    try {
      const facts = await look();
      if (facts) return { state: 'done', facts };
    } catch (error) {
      return { state: 'unknown', error: problemOf(error) };
    }
  }
  await beforeRun();
  try {
    return { state: 'done', facts: await primitive.run(context, step.args) };
  } catch (error) {
    if (!(error instanceof UnsettledWrite)) return endOf(error);
    return settle(error, look).then((facts) => ({ state: 'done', facts }), endOf);
  }
}

function endOf(error: unknown): StepEnd {
  const problem = problemOf(error);
  return { state: problem.problem.code === 'outcome.unknown' ? 'unknown' : 'failed', error: problem };
}

/** What nobody foresaw may have happened before or after the change. */
function problemOf(error: unknown): ProblemError {
  return error instanceof ProblemError ? error : new ProblemError('outcome.unknown', {}, { cause: error });
}
