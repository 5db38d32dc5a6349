import type { Rule, Target } from '../model.ts';
import { type Effect, effectsOf } from './effects.ts';
import type { Exploration } from './explore.ts';
import type { Packet } from './packet.ts';
import type { Program } from './program.ts';
import type { Step } from './steps.ts';
import type { Fate, Mishap } from './targets.ts';
import type { Walk } from './walk.ts';

export type Verdict = Fate | 'unknown';

/** One way through the rules. */
export interface Way {
  verdict: Fate;
  /** the answer of a REJECT, such as `icmp-port-unreachable` */
  rejectWith: string | null;
  /** dropped by no rule and no policy: for a header that is cut short, or with no hop left to be passed on */
  mishap: Mishap | null;
  path: readonly Step[];
  /** translations, marks and other changes in their order */
  effects: Effect[];
}

/** A rule that could not be judged and on which the way turns. */
export interface Doubt {
  table: string;
  chain: string;
  /** from 1, as `--line-numbers` counts */
  number: number;
  rule: Rule | null;
  /** why: properties of the rule (`inInterface`), matches (`limit`), or `target` */
  conditions: string[];
}

/** What was found where not everything could be judged. */
interface Explored {
  program: Program;
  exploration: Exploration;
}

/** What becomes of a packet. */
export class Evaluation {
  /** `unknown` only where ways with different ends are possible; if all ends are the same it is that */
  readonly verdict: Verdict;
  /** the rules that the packet surely matches, in order: all of them, or those before the first doubt */
  readonly path: readonly Step[];
  private readonly end: Fate | Mishap;
  private readonly packet: Packet;
  private readonly explored: Explored | null;

  private constructor(
    verdict: Verdict,
    path: readonly Step[],
    end: Fate | Mishap,
    packet: Packet,
    explored: Explored | null,
  ) {
    this.verdict = verdict;
    this.path = path;
    this.end = end;
    this.packet = packet;
    this.explored = explored;
  }

  static walked(end: Fate | Mishap, walk: Walk): Evaluation {
    return new Evaluation(fateOf(end), walk.path(), end, walk.packet, null);
  }

  static explored(program: Program, packet: Packet, exploration: Exploration): Evaluation {
    const { ways, complete, certain } = exploration;
    const first = ways[0];
    const same = complete && first && ways.every((way) => fateOf(way.fate) === fateOf(first.fate));
    return new Evaluation(
      same ? fateOf(first.fate) : 'unknown',
      pathOf(program, certain),
      first?.fate ?? 'accept',
      first?.packet ?? packet,
      { program, exploration },
    );
  }

  /** False: there are too many ways to follow them all, and `ways` has only some. */
  get complete(): boolean {
    return this.explored?.exploration.complete ?? true;
  }

  /** Every possible end once, each with the first way found to it. */
  get ways(): Way[] {
    if (this.explored === null) return [wayOf(this.end, this.path, this.packet)];
    const { program, exploration } = this.explored;
    return exploration.ways.map(({ fate, slots, packet }) => wayOf(fate, pathOf(program, slots), packet));
  }

  /** The answer of a REJECT where all ways end in the same. */
  get rejectWith(): string | null {
    const answers = new Set(this.ways.map(({ rejectWith }) => rejectWith));
    return this.verdict === 'reject' && answers.size === 1 ? ([...answers][0] ?? null) : null;
  }

  /** All verdicts that are possible. */
  get possible(): Fate[] {
    if (!this.complete) return ['accept', 'drop', 'reject', 'queue', 'stolen'];
    return [...new Set(this.ways.map(({ verdict }) => verdict))];
  }

  /** The rules that could not be judged, in the order of the set. */
  get doubts(): Doubt[] {
    if (this.explored === null) return [];
    const { program, exploration } = this.explored;
    const found = [...exploration.doubts].sort(([a], [b]) => a - b);
    return found.map(([slot, names]) => {
      const { table, chain, number, rule } = program.stepAt(slot);
      return { table, chain, number, rule, conditions: [...names] };
    });
  }
}

const isMishap = (end: Fate | Mishap): end is Mishap => end === 'malformed' || end === 'expired';
const fateOf = (end: Fate | Mishap): Fate => (isMishap(end) ? 'drop' : end);
const pathOf = (program: Program, slots: readonly number[]): Step[] =>
  slots.map((slot) => program.stepAt(slot));

function wayOf(end: Fate | Mishap, path: readonly Step[], packet: Packet): Way {
  return {
    verdict: fateOf(end),
    rejectWith: end === 'reject' ? answerOf(path.at(-1)?.rule?.target) : null,
    mishap: isMishap(end) ? end : null,
    path,
    effects: effectsOf(packet),
  };
}

function answerOf(target: Target | null | undefined): string | null {
  return target?.kind === 'extension' && target.modelled && target.name === 'REJECT'
    ? target.rejectWith
    : null;
}
