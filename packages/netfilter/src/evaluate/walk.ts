import {
  ACTION,
  allStates,
  DESTINATION,
  DESTINATION_HIGH,
  DESTINATION_LOW,
  DESTINATION_MASK,
  FLAGS,
  IN_INTERFACE,
  INVERT_DESTINATION,
  INVERT_PROTOCOL,
  INVERT_SOURCE,
  INVERTED,
  OPERAND,
  OUT_INTERFACE,
  PROTOCOL,
  SOURCE,
  SOURCE_HIGH,
  SOURCE_LOW,
  SOURCE_MASK,
  STATES,
  stride,
} from './flat.ts';
import { HOT_DROP, NO, type Outcome, YES } from './outcome.ts';
import type { Packet } from './packet.ts';
import { type Place, stateAt } from './place.ts';
import type { ChainSlots, Program } from './program.ts';
import { action, type Step } from './steps.ts';
import type { Fate, Mishap } from './targets.ts';

/** How a walk ended: a fate, or a rule that cannot be judged. */
export type WalkEnd = Fate | Mishap | 'doubtful';

/** Chains that call each other often enough make a way that never ends in practice. */
const maxSteps = 100_000;

/** A packet on its way with its steps so far. One is enough for an evaluator: it is used anew. */
export class Walk {
  packet: Packet;
  private readonly steps: Step[] = [];
  count = 0;

  constructor(packet: Packet) {
    this.packet = packet;
  }

  begin(packet: Packet): void {
    this.packet = packet;
    this.count = 0;
  }

  step(step: Step): void {
    this.steps[this.count++] = step;
  }

  /** The steps so far; short ways, which most are, without a loop. */
  path(): Step[] {
    const { steps, count } = this;
    const a = steps[0];
    const b = steps[1];
    if (count === 1 && a) return [a];
    if (count === 2 && a && b) return [a, b];
    return steps.slice(0, count);
  }
}

/**
 * Walks one built-in chain and what it leads to, for a packet that has every field that the flat tests ask for.
 * The tail of a chain matches everything, so that no walk runs past it.
 */
export function walkChain(program: Program, base: ChainSlots, at: Place, walk: Walk): WalkEnd {
  const { tests, rest, steps, interfaces } = program;
  let { packet } = walk;
  const names = interfaces.rowsOf(packet);
  const outRow = at.out === 'packet' ? names.out : names.none;
  const inRow = at.in === 'packet' ? names.in : names.none;
  // an unknown state is walked only where no rule asks for it
  let state = stateAt(packet, at) || allStates;

  let slot = base.start;
  let index = program.indexOf(base);
  if (index) index.aim(packet, state);
  let stack: number[] | null = null;

  for (;;) {
    if (index) slot = index.next(slot);
    const i = slot * stride;
    const inverted = tests[i + INVERTED] ?? 0;
    const protocol = tests[i + PROTOCOL] ?? 0;
    const flags = tests[i + FLAGS] ?? 0;
    if (
      packet.destinationPort < (tests[i + DESTINATION_LOW] ?? 0) ||
      packet.destinationPort > (tests[i + DESTINATION_HIGH] ?? 0) ||
      (inverted === 0
        ? (packet.source0 & (tests[i + SOURCE_MASK] ?? 0)) !== tests[i + SOURCE] ||
          (packet.destination0 & (tests[i + DESTINATION_MASK] ?? 0)) !== tests[i + DESTINATION] ||
          (protocol !== 0 && protocol !== packet.protocol)
        : missesInverted(tests, i, packet)) ||
      ((tests[i + STATES] ?? 0) & state) === 0 ||
      inRow[tests[i + IN_INTERFACE] ?? 0] === 0 ||
      outRow[tests[i + OUT_INTERFACE] ?? 0] === 0 ||
      packet.sourcePort < (tests[i + SOURCE_LOW] ?? 0) ||
      packet.sourcePort > (tests[i + SOURCE_HIGH] ?? 0) ||
      (packet.tcpFlags & (flags >> 8)) !== (flags & 255)
    ) {
      slot++;
      continue;
    }
    const judges = rest[slot];
    if (judges) {
      let outcome: Outcome = YES;
      for (let n = 0; n < judges.length && outcome === YES; n++) outcome = judges[n]?.(packet, at) ?? NO;
      if (outcome !== YES) {
        if (outcome === HOT_DROP) return 'malformed';
        if (outcome !== NO) return 'doubtful';
        slot++;
        continue;
      }
    }
    walk.step(steps[slot] ?? program.stepAt(slot));
    switch (tests[i + ACTION]) {
      case action.next:
        slot++;
        continue;
      case action.accept:
        return 'accept';
      case action.drop:
        return 'drop';
      case action.queue:
        return 'queue';
      case action.reject:
        return 'reject';
      case action.jump:
      case action.goto: {
        const to = tests[i + OPERAND] ?? -1;
        if (to < 0 || walk.count > maxSteps) return 'doubtful';
        if (tests[i + ACTION] === action.jump) {
          stack ??= [];
          stack.push(slot);
        }
        slot = to;
        break;
      }
      case action.return: {
        const from: number | undefined = stack?.pop();
        slot = from === undefined ? base.tail : from + 1;
        break;
      }
      default: {
        const endings = program.acts[slot]?.(packet, at) ?? [];
        const only = endings[0];
        if (endings.length !== 1 || !only) return 'doubtful';
        walk.packet = only.packet;
        if (only.fate !== null) return only.fate;
        packet = only.packet;
        state = stateAt(packet, at) || allStates;
        slot++;
        if (index) index.aim(packet, state);
        continue;
      }
    }
    // in another chain now
    index = program.indexOf(program.chainAt(slot));
    if (index) index.aim(packet, state);
  }
}

/** For the few rules with a `!` before an address or the protocol. */
function missesInverted(tests: Int32Array, i: number, packet: Packet): boolean {
  const inverted = tests[i + INVERTED] ?? 0;
  const protocol = tests[i + PROTOCOL] ?? 0;
  const inSource = (packet.source0 & (tests[i + SOURCE_MASK] ?? 0)) === tests[i + SOURCE];
  const inDestination = (packet.destination0 & (tests[i + DESTINATION_MASK] ?? 0)) === tests[i + DESTINATION];
  return (
    inSource === ((inverted & INVERT_SOURCE) !== 0) ||
    inDestination === ((inverted & INVERT_DESTINATION) !== 0) ||
    (protocol !== 0 && (protocol === packet.protocol) === ((inverted & INVERT_PROTOCOL) !== 0))
  );
}
