import { NetfilterError } from '../../error.ts';
import { integer, text } from '../../values/codecs.ts';
import { byteLength } from '../../values/quote.ts';
import { type Codec, defineExtension, plain } from '../spec.ts';

/** The kernel's field holds 32 bytes with its terminator; the tool cuts longer ones. */
const maxPrefix = 31;

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

/** Hands the packet to a program that listens; gone from Linux since 3.17 (use NFLOG). */
export const ulog = defineExtension({
  name: 'ULOG',
  family: 'ipv4',
  fields: {
    prefix: plain(['--ulog-prefix'], prefix),
    group: plain(['--ulog-nlgroup'], integer(32, 1), { omit: (value) => value === 1 }),
    /** bytes of each packet; 0: all of them */
    copyRange: plain(['--ulog-cprange'], integer(0xffffffff), { omit: (value) => value === 0 }),
    threshold: plain(['--ulog-qthreshold'], integer(50, 1), { omit: (value) => value === 1 }),
  },
  list: ({ prefix: label, group, copyRange, threshold }) =>
    `ULOG copy_range ${copyRange ?? 0} nlgroup ${group ?? 1}` +
    `${label === null ? '' : ` prefix "${label}"`} queue_threshold ${threshold ?? 1}`,
});
