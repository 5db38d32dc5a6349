import type { Rule } from '../model.ts';

/** What the kernel does in a slot, by number. */
export const action = {
  /** counts and goes on */
  next: 0,
  accept: 1,
  drop: 2,
  queue: 3,
  jump: 4,
  goto: 5,
  return: 6,
  reject: 7,
  /** a target extension does its work */
  act: 8,
} as const;

/** One rule that the packet matched, or the end of a chain that it came to. What it passed by is left out. */
export interface Step {
  readonly table: string;
  readonly chain: string;
  /** from 1, as `--line-numbers` counts; for the end of a chain one more than its last rule */
  readonly number: number;
  /** `policy` and `end` are the ends of a built-in and of a user's chain */
  readonly kind: 'rule' | 'policy' | 'end';
  /** `next` counts, or does its work, and goes on */
  readonly then: 'next' | 'accept' | 'drop' | 'queue' | 'jump' | 'goto' | 'return' | 'target';
  readonly rule: Rule | null;
}

const thens = Object.entries(action).reduce<Step['then'][]>((names, [name, number]) => {
  names[number] = name === 'act' || name === 'reject' ? 'target' : (name as Step['then']);
  return names;
}, []);

/** What a step says of an action. */
export const thenOf = (number: number): Step['then'] => thens[number] ?? 'next';
