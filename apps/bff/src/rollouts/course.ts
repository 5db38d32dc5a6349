import { type Operation, type ProblemCode, rolloutStopSchema } from '@moru/types';
import { z } from 'zod';

/** How a roll-out goes on: what was wanted at its beginning, and how far it came. */
export const rolloutCourseSchema = z.object({
  kind: z.enum(['copy', 'undo']),
  source: z.object({ instanceId: z.string(), name: z.string() }).nullable(),
  undoes: z.string().nullable(),
  waveSize: z.int(),
  waves: z.int(),
  pauseAfterCanary: z.boolean(),
  waitSeconds: z.int(),
  note: z.string(),
  save: z.boolean(),
  /** the wave that is under way, or was the last one; 0 is the canary alone */
  wave: z.int(),
  /** somebody has looked at the canary */
  looked: z.boolean(),
  stop: rolloutStopSchema.nullable(),
});
export type RolloutCourse = z.infer<typeof rolloutCourseSchema>;

/** One host of it, as far as its course depends on it. */
export interface RolloutItem {
  wave: number;
  state: Operation['state'];
}

export interface Turn {
  state: Operation['state'];
  course: RolloutCourse;
  /** why it ended before its time; null otherwise */
  problem: ProblemCode | null;
  /** the wave whose hosts begin now; null for none */
  begins: number | null;
  /** hosts that wait are let go */
  letsGo: boolean;
}

/** How many waves there are for so many hosts: the canary, and then the others. */
export const wavesOf = (hosts: number, waveSize: number): number => 1 + Math.ceil((hosts - 1) / waveSize);

/** The wave of a host by its place from 0. */
export const waveOf = (place: number, waveSize: number): number => Math.ceil(place / waveSize);

const ill: ReadonlySet<RolloutItem['state']> = new Set(['failed', 'halfDone', 'unknown', 'undone']);

/** What comes next, once something has become of a host or somebody has decided something. */
export function turnOf(course: RolloutCourse, items: readonly RolloutItem[], at: string): Turn {
  const is = (state: RolloutItem['state']) => items.some((item) => item.state === state);
  const failed = items.some(({ state }) => ill.has(state));
  const stop = course.stop ?? (failed ? ({ why: 'failed', by: null, at } as const) : null);
  const running = is('running');
  const rest = { course: { ...course, stop }, begins: null, letsGo: false, problem: null };
  if (stop) {
    const whole = items.every(({ state }) => state === 'succeeded');
    const problem = stop.why === 'asked' && !failed ? 'rollout.stopped' : 'rollout.hostFailed';
    if (whole) return { ...rest, state: 'succeeded' };
    return { ...rest, state: running ? 'running' : 'failed', letsGo: true, problem };
  }
  if (running) return { ...rest, state: 'running' };
  if (!is('waiting')) return { ...rest, state: 'succeeded' };
  if (course.wave === 0 && course.pauseAfterCanary && !course.looked) return { ...rest, state: 'paused' };
  const wave = course.wave + 1;
  return { ...rest, course: { ...course, wave }, state: 'running', begins: wave };
}
