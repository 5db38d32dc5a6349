import { type Evaluator, evaluate } from '../evaluate/evaluate.ts';
import type { Doubt, Evaluation, Way } from '../evaluate/evaluation.ts';
import type { PacketFields } from '../evaluate/packet.ts';
import type { PacketPath } from '../evaluate/place.ts';
import type { Step } from '../evaluate/steps.ts';
import { printRule } from '../print/print.ts';

/** A rule or a policy on which a judgement rests. */
export interface Decider {
  table: string;
  chain: string;
  /** from 1, as `--line-numbers` counts; of a policy one more than the chain's last rule */
  number: number;
  kind: 'rule' | 'policy';
  /** save form without `-A CHAIN`, or the policy */
  text: string;
}

/** What becomes of packets that must come through: they do, they do not, or it cannot be told. */
export interface PacketJudgement {
  state: 'kept' | 'lost' | 'unknown';
  /** those that accept or stop it, or that cannot be judged; at most eight */
  deciders: Decider[];
}

const maxDeciders = 8;

/**
 * Judges one packet by one rule set. A queue to a program is unknown, for that program decides; where several ends are
 * possible and none of them lets it through, it is lost all the same.
 */
export function judgePacket(evaluator: Evaluator, packet: PacketFields, path: PacketPath): PacketJudgement {
  const evaluation = evaluate(evaluator, packet, path);
  const { ways } = evaluation;
  const passes = evaluation.complete ? ways.filter(({ verdict }) => verdict === 'accept').length : 0;
  const stops = ways.filter(({ verdict }) => ['drop', 'reject', 'stolen'].includes(verdict)).length;
  if (evaluation.complete && passes === ways.length) return judged('kept', ways.map(accepting));
  if (evaluation.complete && stops === ways.length) return judged('lost', ways.map(last));
  return judged('unknown', doubtful(evaluation));
}

function judged(state: PacketJudgement['state'], found: readonly (Decider | null)[]): PacketJudgement {
  const known = new Map<string, Decider>();
  for (const decider of found) {
    if (decider) known.set(`${decider.table} ${decider.chain} ${decider.number}`, decider);
  }
  return { state, deciders: [...known.values()].slice(0, maxDeciders) };
}

function deciderOf(step: Step): Decider | null {
  const { table, chain, number, kind, rule } = step;
  if (kind === 'policy') {
    return { table, chain, number, kind, text: step.then === 'drop' ? 'DROP' : 'ACCEPT' };
  }
  return rule ? { table, chain, number, kind: 'rule', text: printRule(rule) } : null;
}

const last = ({ path }: Way): Decider | null => {
  const step = path.at(-1);
  return step ? deciderOf(step) : null;
};

/** Every table has to let it through; what people ask about is filter. Null where filter does not say. */
export function accepting({ path }: Way): Decider | null {
  const step = path.findLast(({ table, then }) => table === 'filter' && then === 'accept');
  return step ? deciderOf(step) : null;
}

function doubtful(evaluation: Evaluation): (Decider | null)[] {
  const { doubts, ways } = evaluation;
  if (doubts.length > 0) return doubts.map(ofDoubt);
  return ways.filter(({ verdict }) => verdict === 'queue').map(last);
}

const ofDoubt = ({ table, chain, number, rule }: Doubt): Decider => ({
  table,
  chain,
  number,
  kind: 'rule',
  text: rule ? printRule(rule) : '',
});
