import { NetfilterError } from '../../error.ts';
import type { Negatable } from '../../model.ts';
import { listAddress } from '../../values/address.ts';
import { address, choice, flag, integer, integerRange, printRange, type Range } from '../../values/codecs.ts';
import { hex } from '../../values/number.ts';
import { protocolName, protocolNumber } from '../../values/protocols.ts';
import { needProtocol } from '../needs.ts';
import { type AnyField, type Codec, defineExtension, negatable, plain } from '../spec.ts';

const max = 0xffffffff;
const isAny = (range: Range): boolean => range.from === 0 && range.to === max;

const AH = 51;
const ESP = 50;
const COMP = 108;

function listSpi(label: string, held: Negatable<Range> | null): string {
  if (held === null || (!held.negated && isAny(held.value))) return label;
  const { from, to } = held.value;
  return `${label} ${from === to ? 'spi' : 'spis'}:${held.negated ? '!' : ''}${printRange(held.value)}`;
}

/** Security parameter index of an authentication header. A reversed range is taken and matches nothing. */
export const ah = defineExtension({
  name: 'ah',
  protocol: AH,
  fields: { spi: negatable(['--ahspi'], integerRange(max), { omit: isAny }) },
  finish: (_match, { rule }) => needProtocol(rule, AH),
  // the tool leaves a blank where there is no index
  list: (match) => listSpi('ah', match.spi).padEnd(3),
});

/** Security parameter index of encrypted payload. A reversed range is taken and matches nothing. */
export const esp = defineExtension({
  name: 'esp',
  protocol: ESP,
  fields: { spi: negatable(['--espspi'], integerRange(max), { omit: isAny }) },
  finish: (_match, { rule }) => needProtocol(rule, ESP),
  list: (match) => listSpi('esp', match.spi),
});

const protocol: Codec<number> = {
  words: 1,
  expected: 'esp | ah | ipcomp',
  read(first) {
    const number = protocolNumber(first);
    if (![AH, ESP, COMP].includes(number)) {
      throw new NetfilterError('choice.unknown', { params: { value: first } });
    }
    return number;
  },
  print: protocolName,
};

const elements = {
  requestId: negatable(['--reqid'], integer(max)),
  spi: negatable(['--spi'], { ...integer(max), print: hex }),
  protocol: negatable(['--proto'], protocol),
  mode: negatable(['--mode'], choice(['transport', 'tunnel'])),
  tunnelDestination: negatable(['--tunnel-dst'], address(listAddress)),
  tunnelSource: negatable(['--tunnel-src'], address(listAddress)),
};

/** How IPsec handled or will handle the packet; one element of the policy only (no `--next`). */
export const policy = defineExtension({
  name: 'policy',
  fields: {
    direction: plain(['--dir'], choice(['in', 'out']), { required: true, present: true }),
    policy: plain(['--pol'], choice(['none', 'ipsec']), { present: true }),
    strict: plain(['--strict'], flag),
    ...elements,
  },
  finish(match) {
    match.policy ??= 'ipsec';
    const given = (Object.keys(elements) as (keyof typeof elements)[]).filter((key) => match[key] !== null);
    if (match.policy === 'none' && (match.strict || given.length > 0)) {
      throw new NetfilterError('option.conflict', { expected: '--pol ipsec' });
    }
    if (match.strict && given.length === 0)
      throw new NetfilterError('option.required', { expected: '--reqid' });
    const tunnel = match.tunnelSource !== null || match.tunnelDestination !== null;
    if (tunnel && (match.mode === null || match.mode.negated || match.mode.value !== 'tunnel')) {
      throw new NetfilterError('option.required', { expected: '--mode tunnel' });
    }
  },
  list(match) {
    let out = `policy match dir ${match.direction} pol ${match.policy}${match.strict ? ' strict' : ''}`;
    for (const [key, field] of Object.entries<AnyField>(elements)) {
      const held = match[key as keyof typeof elements];
      if (held === null) continue;
      const text = key === 'protocol' ? String(held.value) : field.codec.print(held.value);
      out += `${held.negated ? ' !' : ''} ${field.names[0].slice(2)} ${text}`;
    }
    return out;
  },
});
