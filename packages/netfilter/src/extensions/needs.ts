import { NetfilterError } from '../error.ts';
import type { Rule } from '../model.ts';
import { protocolName } from '../values/protocols.ts';

/** Throws `protocol.needed` unless the rule is for one of these protocols only: the kernel refuses others. */
export function needProtocol(rule: Rule, ...protocols: readonly number[]): void {
  const given = rule.protocol;
  if (given !== null && !given.negated && protocols.includes(given.value)) return;
  throw new NetfilterError('protocol.needed', {
    field: 'protocol',
    expected: `-p ${protocols.map(protocolName).join(' | ')}`,
  });
}
