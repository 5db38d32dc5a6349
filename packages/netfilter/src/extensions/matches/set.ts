import { NetfilterError } from '../../error.ts';
import type { Negatable } from '../../model.ts';
import { flag, wideInteger } from '../../values/codecs.ts';
import { setLookup } from '../../values/ip-set.ts';
import { type Codec, defineExtension, negatable, plain } from '../spec.ts';

/** How a counter of the element compares with a number: equal, less than, greater than. */
export interface CounterComparison {
  operator: 'eq' | 'lt' | 'gt';
  count: bigint;
}

const compare = (operator: CounterComparison['operator']): Codec<CounterComparison> => ({
  words: 1,
  expected: wideInteger.expected,
  read: (first, second, family) => ({ operator, count: wideInteger.read(first, second, family) }),
  print: (value) => String(value.count),
});

const counter = (name: string) =>
  negatable([`--${name}-eq`], compare('eq'), {
    aliases: [
      { names: [`--${name}-lt`], codec: compare('lt') },
      { names: [`--${name}-gt`], codec: compare('gt') },
    ],
    named: ({ operator }) => `--${name}-${operator}`,
  });

function listCounter(name: string, held: Negatable<CounterComparison> | null): string {
  if (held === null) return '';
  return `${held.negated ? ' !' : ''} ${name}-${held.value.operator} ${held.value.count}`;
}

/** Whether the packet's addresses or ports are in a set. */
export const set = defineExtension({
  name: 'set',
  fields: {
    lookup: negatable(['--match-set', '--set'], setLookup, { required: true, present: true }),
    returnNoMatch: plain(['--return-nomatch'], flag),
    updateCounters: negatable(['--update-counters'], flag, { omit: () => true }),
    updateSubcounters: negatable(['--update-subcounters'], flag, { omit: () => true }),
    packets: counter('packets'),
    bytes: counter('bytes'),
  },
  finish({ packets, bytes }) {
    for (const held of [packets, bytes]) {
      if (held?.negated && held.value.operator !== 'eq') throw new NetfilterError('option.negated');
    }
  },
  list(match) {
    let out = `${match.lookup.negated ? '! ' : ''}match-set ${setLookup.print(match.lookup.value)}`;
    if (match.returnNoMatch) out += ' return-nomatch';
    if (match.updateCounters?.negated) out += ' ! update-counters';
    if (match.updateSubcounters?.negated) out += ' ! update-subcounters';
    return out + listCounter('packets', match.packets) + listCounter('bytes', match.bytes);
  },
});
