import { both, HOT_DROP, NO, type Outcome, YES } from './outcome.ts';
import type { Packet } from './packet.ts';
import type { Place } from './place.ts';
import type { ChainSlots, Program } from './program.ts';
import { isTranslated, routed } from './routing.ts';
import { action } from './steps.ts';
import type { Fate, Mishap } from './targets.ts';

/** Where several ways are to be followed: forks, and rules tested on all of them together. */
export const limits = { forks: 20_000, tests: 1_000_000 };

interface StepList {
  readonly slot: number;
  readonly before: StepList | null;
  readonly count: number;
}

interface StackEntry {
  readonly slot: number;
  readonly below: StackEntry | null;
  readonly key: string;
}

/** A packet at a rule, with how it came there. */
interface Position {
  readonly stage: number;
  readonly slot: number;
  readonly stack: StackEntry | null;
  readonly packet: Packet;
  readonly steps: StepList | null;
}

/** One way through the rules with its end. */
export interface ExploredWay {
  fate: Fate | Mishap;
  packet: Packet;
  slots: number[];
}

export interface Exploration {
  /** one for each fate and answer, the first found */
  ways: ExploredWay[];
  /** slots whose rule could not be judged, with the names of the conditions; a target by `target` */
  doubts: Map<number, Set<string>>;
  /** slots that all ways have in common */
  certain: number[];
  /** false: so many ways that not all were followed, and any fate is possible */
  complete: boolean;
}

export interface Stage {
  readonly at: Place;
  readonly base: ChainSlots;
  /** routing lies between this built-in chain and the one before */
  readonly routed: boolean;
}

/**
 * Follows both ways wherever a rule cannot be judged. Two ways that meet at the same rule with the same packet go on
 * as one, so that a chain of a thousand rate limits is no more than a thousand forks.
 */
export function explore(program: Program, stages: readonly Stage[], packet: Packet): Exploration {
  return new Explorer(program, stages).run(packet);
}

class Explorer {
  private readonly program: Program;
  private readonly stages: readonly Stage[];
  private readonly waiting: Position[] = [];
  private readonly seen = new Set<string>();
  private readonly ways = new Map<string, ExploredWay>();
  private readonly doubts = new Map<number, Set<string>>();
  private firstFork: StepList | null = null;
  private forked = false;
  private tests = 0;

  constructor(program: Program, stages: readonly Stage[]) {
    this.program = program;
    this.stages = stages;
  }

  run(packet: Packet): Exploration {
    this.enter(0, packet, null);
    for (let next = this.waiting.pop(); next; next = this.waiting.pop()) {
      if (this.seen.size > limits.forks || this.tests > limits.tests) break;
      this.follow(next);
    }
    const complete = this.seen.size <= limits.forks && this.tests <= limits.tests;
    const ways = [...this.ways.values()];
    const certain = this.forked ? slotsOf(this.firstFork) : (ways[0]?.slots ?? []);
    return { ways, doubts: this.doubts, certain, complete };
  }

  /** Begins a built-in chain; behind the last the packet is accepted. */
  private enter(number: number, packet: Packet, steps: StepList | null): void {
    const stage = this.stages[number];
    if (!stage) {
      this.end('accept', packet, steps);
      return;
    }
    const arrived = stage.routed ? routed(packet, stage.at) : packet;
    if (!arrived) {
      this.end('expired', packet, steps);
      return;
    }
    const position = { stage: number, slot: stage.base.start, stack: null, packet: arrived, steps };
    const translated = isTranslated(arrived, stage.at);
    if (translated !== 'no') this.waiting.push(position);
    if (translated === 'no') this.enter(number + 1, arrived, steps);
    else if (translated === 'maybe') {
      this.fork(steps);
      this.note(stage.base.start, 'state');
      this.enter(number + 1, arrived, steps);
    }
  }

  /** Walks on until the ways part or the packet's fate is known. */
  private follow(from: Position): void {
    const stage = this.stages[from.stage];
    if (!stage) return;
    const { program } = this;
    let { slot, stack, steps } = from;
    for (;;) {
      if (++this.tests > limits.tests) return;
      const outcome = this.test(slot, from.packet, stage.at);
      if (outcome === NO) {
        slot++;
        continue;
      }
      if (outcome !== YES) {
        const here = { ...from, slot, stack, steps };
        if (!this.isNew(here)) return;
        this.fork(steps);
        if (outcome & HOT_DROP) this.end('malformed', from.packet, steps);
        if (outcome & NO) this.waiting.push({ ...here, slot: slot + 1 });
        if ((outcome & YES) === 0) return;
      }
      steps = { slot, before: steps, count: (steps?.count ?? 0) + 1 };
      switch (program.actionAt(slot)) {
        case action.next:
          slot++;
          break;
        case action.accept:
          this.enter(from.stage + 1, from.packet, steps);
          return;
        case action.drop:
          this.end('drop', from.packet, steps);
          return;
        case action.queue:
          this.end('queue', from.packet, steps);
          return;
        case action.reject:
          this.end('reject', from.packet, steps);
          return;
        case action.jump:
        case action.goto: {
          const to = program.leadsTo(slot);
          if (to < 0) {
            this.note(slot, 'target');
            this.fork(steps);
            for (const fate of ['accept', 'drop', 'reject'] as const) this.end(fate, from.packet, steps);
            return;
          }
          if (program.actionAt(slot) === action.jump) {
            stack = { slot, below: stack, key: `${stack?.key ?? ''}>${slot}` };
          }
          slot = to;
          break;
        }
        case action.return:
          slot = stack ? stack.slot + 1 : stage.base.tail;
          stack = stack?.below ?? null;
          break;
        default:
          this.act({ ...from, slot, stack, steps }, stage.at);
          return;
      }
    }
  }

  private test(slot: number, packet: Packet, at: Place): Outcome {
    let outcome: Outcome = YES;
    const unsure: string[] = [];
    for (const { name, judge } of this.program.conditionsAt(slot)) {
      const one = judge(packet, at);
      if (one !== YES && one !== NO && one !== HOT_DROP) unsure.push(name);
      outcome = both(outcome, one);
      if ((outcome & YES) === 0) break;
    }
    // a condition that certainly fails makes the doubts before it count for nothing
    if (outcome !== NO) for (const name of unsure) this.note(slot, name);
    return outcome;
  }

  private act(here: Position, at: Place): void {
    const endings = this.program.acts[here.slot]?.(here.packet, at) ?? [];
    if (endings.length > 1) {
      this.note(here.slot, 'target');
      this.fork(here.steps);
    }
    for (const { fate, packet } of endings) {
      if (fate === 'accept') this.enter(here.stage + 1, packet, here.steps);
      else if (fate !== null) this.end(fate, packet, here.steps);
      else this.waiting.push({ ...here, slot: here.slot + 1, packet });
    }
  }

  private end(fate: Fate | Mishap, packet: Packet, steps: StepList | null): void {
    const answer = steps ? (this.program.ruleAt(steps.slot)?.target ?? null) : null;
    const key = fate === 'reject' && answer && 'rejectWith' in answer ? `reject ${answer.rejectWith}` : fate;
    if (!this.ways.has(key)) this.ways.set(key, { fate, packet, slots: slotsOf(steps) });
  }

  private isNew({ slot, stack, packet, stage }: Position): boolean {
    const key = `${stage} ${slot} ${stack?.key ?? ''} ${keyOf(packet)}`;
    if (this.seen.has(key)) return false;
    this.seen.add(key);
    return true;
  }

  private fork(steps: StepList | null): void {
    if (this.forked) {
      this.firstFork = shorter(this.firstFork, steps);
      return;
    }
    this.forked = true;
    this.firstFork = steps;
  }

  private note(slot: number, name: string): void {
    const names = this.doubts.get(slot);
    if (names) names.add(name);
    else this.doubts.set(slot, new Set([name]));
  }
}

const shorter = (a: StepList | null, b: StepList | null): StepList | null =>
  (a?.count ?? 0) <= (b?.count ?? 0) ? a : b;

function slotsOf(steps: StepList | null): number[] {
  const slots: number[] = [];
  for (let each = steps; each; each = each.before) slots.push(each.slot);
  return slots.reverse();
}

/** All that a rule can change and a later rule can test. */
function keyOf(packet: Packet): string {
  const { mark, connectionMark, tos, ttl, tcpFlags, state, tracking, length, unknown, translated } = packet;
  const addresses = `${packet.source0} ${packet.destination0} ${packet.sourcePort} ${packet.destinationPort}`;
  const options = packet.tcpOptions ? 1 : 0;
  return `${mark} ${connectionMark} ${tos} ${ttl} ${tcpFlags} ${state} ${tracking} ${length} ${unknown} ${translated} ${options} ${addresses}`;
}
