import { NetfilterError } from '../../error.ts';
import type { Negatable } from '../../model.ts';
import { integer } from '../../values/codecs.ts';
import { type Codec, defineExtension, negatable } from '../spec.ts';

/** How the packet's remaining hops compare with a number: equal, less than, greater than. */
export interface HopComparison {
  operator: 'eq' | 'lt' | 'gt';
  hops: number;
}

const hops = integer(255);

const compare = (operator: HopComparison['operator']): Codec<HopComparison> => ({
  words: 1,
  expected: hops.expected,
  read: (first, second, family) => ({ operator, hops: hops.read(first, second, family) }),
  print: (value) => String(value.hops),
});

/** `--ttl-eq`, `--ttl-lt`, `--ttl-gt`; only the first takes a `!`. */
const comparison = (prefix: string, extra: readonly string[]) =>
  negatable([`${prefix}-eq`, ...extra], compare('eq'), {
    required: true,
    present: true,
    aliases: [
      { names: [`${prefix}-lt`], codec: compare('lt') },
      { names: [`${prefix}-gt`], codec: compare('gt') },
    ],
    named: (value) => `${prefix}-${value.operator}`,
  });

const symbols = { eq: '==', lt: '<', gt: '>' };

function checkNegation({ negated, value }: Negatable<HopComparison>): void {
  if (negated && value.operator !== 'eq') throw new NetfilterError('option.negated');
}

function listed(label: string, { negated, value }: Negatable<HopComparison>): string {
  return `${label} match ${label} ${negated ? '!=' : symbols[value.operator]} ${value.hops}`;
}

/** Time to live of IPv4. */
export const ttl = defineExtension({
  name: 'ttl',
  family: 'ipv4',
  fields: { ttl: comparison('--ttl', ['--ttl']) },
  finish: (match) => checkNegation(match.ttl),
  list: (match) => listed('TTL', match.ttl),
});

/** Hop limit of IPv6. */
export const hl = defineExtension({
  name: 'hl',
  family: 'ipv6',
  fields: { hopLimit: comparison('--hl', ['--hl']) },
  finish: (match) => checkNegation(match.hopLimit),
  list: (match) => listed('HL', match.hopLimit),
});
