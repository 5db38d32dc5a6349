import { NetfilterError } from '../../error.ts';
import type { Negatable } from '../../model.ts';
import { flag, integer, integerRange, printRange, type Range } from '../../values/codecs.ts';
import { needProtocol } from '../needs.ts';
import { defineExtension, negatable, plain } from '../spec.ts';

const max = 0xffffffff;
const isAny = (range: Range): boolean => range.from === 0 && range.to === max;

const AH = 51;
const ESP = 50;
const COMP = 108;

function listSpi(held: Negatable<Range> | null): string {
  if (held === null || (!held.negated && isAny(held.value))) return '';
  const { from, to } = held.value;
  return `${from === to ? 'spi' : 'spis'}:${held.negated ? '!' : ''}${printRange(held.value)}`;
}

/**
 * Security parameter index of an authentication header; in IPv6, where it is found behind other headers, also its
 * length and whether its reserved bits are zero. A reversed range is taken and matches nothing.
 */
export const ah = defineExtension({
  name: 'ah',
  protocol: AH,
  anyProtocol: true,
  fields: {
    spi: negatable(['--ahspi'], integerRange(max), { omit: isAny }),
    /** in bytes; 0 without `!` is any */
    length: negatable(['--ahlen'], integer(max), { omit: (value) => value === 0 }),
    reserved: plain(['--ahres'], flag),
  },
  finish(match, { rule, family }) {
    if (family === 'ipv6') return;
    needProtocol(rule, AH);
    if (match.length || match.reserved) throw new NetfilterError('option.unknown', { expected: '--ahspi' });
  },
  // the tool leaves a blank where there is no index, and none before the length
  list({ spi, length, reserved }) {
    let out = `ah ${listSpi(spi)}`;
    if (length && (length.negated || length.value !== 0)) {
      out += `length:${length.negated ? '!' : ''}${length.value}`;
    }
    return reserved ? `${out} reserved` : out;
  },
});

/** Security parameter index of encrypted payload. A reversed range is taken and matches nothing. */
export const esp = defineExtension({
  name: 'esp',
  protocol: ESP,
  fields: { spi: negatable(['--espspi'], integerRange(max), { omit: isAny }) },
  finish: (_match, { rule }) => needProtocol(rule, ESP),
  list: (match) => `esp ${listSpi(match.spi)}`.trimEnd(),
});

/**
 * Index of compressed payload. A reversed range is taken and matches nothing. Without an option the tool takes index 0;
 * but it also prints a test of any index that way, so what a dump says is left as it is.
 */
export const ipcomp = defineExtension({
  name: 'ipcomp',
  protocol: COMP,
  fields: {
    spi: negatable(['--ipcompspi'], integerRange(max)),
    reserved: plain(['--compres'], flag),
  },
  finish: (_match, { rule }) => needProtocol(rule, COMP),
  // a blank where there is no index
  list: ({ spi, reserved }) => `comp ${spi ? listSpi(spi) : 'spi:0'}${reserved ? ' reserved' : ''}`,
});
