import type { ProblemCode } from '@moru/types';
import type { Caller } from '../cloud/provider.ts';
import type { Facts, StoredStep } from './model.ts';

export interface StepContext {
  caller: Caller;
  /** who began it, and in which project */
  actor: { id: string; name: string };
  projectId: string;
  operationId: string;
  /** what the steps before have found out */
  facts: Facts;
  /** ends when the right to go on is lost */
  signal: AbortSignal;
}

/**
 * One change to the world that a step makes. Whether it was made can be seen in the world afterwards, so that a step
 * that was interrupted is looked for, and not blindly repeated.
 */
export interface Primitive {
  /** it changes nothing and only waits for the world */
  watches?: true;
  /** the world takes it back by itself unless a later step keeps it */
  passes?: true;
  /** what a failure is called when steps before it are done */
  halfDone?: ProblemCode;
  /** makes the change; rejects with an UnsettledWrite where it may have been made all the same */
  run(context: StepContext, args: Facts): Promise<Facts>;
  /** what shows that the change is made, or null where the world shows that it is not; rejects when it cannot tell */
  look(context: StepContext, args: Facts): Promise<Facts | null>;
  /** what takes it back; null where nothing does, empty where nothing needs to */
  inverse(args: Facts, facts: Facts): { name: string; args: Facts }[] | null;
}

export type Primitives = Readonly<Record<string, Primitive>>;

/** The steps that take back what is done, last first; null where something cannot be taken back. */
export function undoSteps(
  primitives: Primitives,
  steps: readonly StoredStep[],
): { name: string; args: Facts }[] | null {
  const undone: { name: string; args: Facts }[] = [];
  for (const { name, state, args, facts } of steps.toReversed()) {
    if (state !== 'done') continue;
    const inverse = primitives[name]?.inverse(args, facts) ?? null;
    if (inverse === null) return null;
    undone.push(...inverse);
  }
  return undone;
}
