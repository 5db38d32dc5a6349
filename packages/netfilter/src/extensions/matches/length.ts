import { integerRange, printRange } from '../../values/codecs.ts';
import { TCP } from '../../values/protocols.ts';
import { needProtocol } from '../needs.ts';
import { defineExtension, negatable } from '../spec.ts';

/** Length of the packet with its IP header. A reversed range is taken and matches nothing. */
export const length = defineExtension({
  name: 'length',
  fields: { length: negatable(['--length'], integerRange(0xffff), { required: true, present: true }) },
  list: ({ length: { negated, value } }) => `length ${negated ? '!' : ''}${printRange(value)}`,
});

/** The MSS option of a SYN packet of TCP. */
export const tcpmss = defineExtension({
  name: 'tcpmss',
  fields: {
    mss: negatable(['--mss'], integerRange(0xffff, 'refused'), { required: true, present: true }),
  },
  finish: (_match, { rule }) => needProtocol(rule, TCP),
  list: ({ mss: { negated, value } }) => `tcpmss match ${negated ? '!' : ''}${printRange(value)}`,
});
