import { NetfilterError } from '../../error.ts';
import { choice, flag, integer, type Range, text } from '../../values/codecs.ts';
import { parseUnsigned } from '../../values/number.ts';
import { byteLength } from '../../values/quote.ts';
import { type Codec, defineExtension, plain } from '../spec.ts';

/** Bytes of a prefix that nft keeps; legacy cuts it at 63 without a word. */
const maxPrefix = 127;

const prefix: Codec<string> = {
  ...text,
  expected: `1-${maxPrefix} bytes`,
  read(first) {
    if (first === '' || byteLength(first) > maxPrefix) {
      throw new NetfilterError('option.value', { params: { max: maxPrefix } });
    }
    return first;
  },
};

const isZero = (value: number): boolean => value === 0;
const short = integer(0xffff);

/** Hands the packet to a program that listens for a log group, and goes on. */
export const nflog = defineExtension({
  name: 'NFLOG',
  fields: {
    prefix: plain(['--nflog-prefix'], prefix),
    group: plain(['--nflog-group'], short, { omit: isZero }),
    /** has never worked; kept because old rules have it */
    range: plain(['--nflog-range'], integer(0xffffffff), { omit: isZero }),
    size: plain(['--nflog-size'], integer(0xffffffff)),
    threshold: plain(['--nflog-threshold'], short, { omit: isZero }),
  },
  finish(target) {
    if (target.range !== null && target.size !== null) {
      throw new NetfilterError('option.conflict', { expected: '--nflog-size' });
    }
  },
  list: ({ prefix: label, group, range, size, threshold }) =>
    [
      label !== null && `nflog-prefix ${text.print(label)}`,
      group && `nflog-group ${group}`,
      range && `nflog-range ${range}`,
      size !== null && `nflog-size ${size}`,
      threshold && `nflog-threshold ${threshold}`,
    ]
      .filter(Boolean)
      .join(' '),
});

/** The first and last of several queues. */
const balance: Codec<Range> = {
  words: 1,
  expected: 'first:last',
  read(first) {
    const colon = first.indexOf(':');
    const from = colon < 0 ? -1 : parseUnsigned(first.slice(0, colon), 0xffff);
    const to = colon < 0 ? -1 : parseUnsigned(first.slice(colon + 1), 0xffff);
    if (from < 0 || to < 0) throw new NetfilterError('number.invalid', { params: { max: 0xffff } });
    // the number of queues is kept in 16 bits
    if (from >= to || to - from >= 0xffff)
      throw new NetfilterError('range.invalid', { expected: 'low:high' });
    return { from, to };
  },
  print: ({ from, to }) => `${from}:${to}`,
};

/** Leaves the decision to a program that listens on a queue. */
export const nfqueue = defineExtension({
  name: 'NFQUEUE',
  fields: {
    queue: plain(['--queue-num'], short),
    balance: plain(['--queue-balance'], balance),
    bypass: plain(['--queue-bypass'], flag),
    cpuFanout: plain(['--queue-cpu-fanout'], flag),
  },
  finish(target) {
    if (target.balance !== null) {
      if (target.queue !== null) throw new NetfilterError('option.conflict', { expected: '--queue-balance' });
      return;
    }
    if (target.cpuFanout) throw new NetfilterError('option.required', { expected: '--queue-balance' });
    target.queue ??= 0;
  },
  list(target) {
    let out = target.balance
      ? `NFQUEUE balance ${balance.print(target.balance)}`
      : `NFQUEUE num ${target.queue}`;
    if (target.bypass) out += ' bypass';
    return target.cpuFanout ? `${out} cpu-fanout` : out;
  },
});

/** Writes a record for the audit system and goes on. */
export const audit = defineExtension({
  name: 'AUDIT',
  fields: {
    type: plain(['--type'], choice(['accept', 'drop', 'reject']), { required: true, present: true }),
  },
  list: (target) => `AUDIT ${target.type}`,
});

/** Shows the packet's way through the rules to who listens. */
export const trace = defineExtension({ name: 'TRACE', fields: {}, tables: ['raw'], list: () => '' });
