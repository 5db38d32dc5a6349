import { NetfilterError } from '../../error.ts';
import { flag } from '../../values/codecs.ts';
import { checkInterface } from '../../values/interface-name.ts';
import { plainWord } from '../../values/quote.ts';
import { type AnyField, type Codec, defineExtension, negatable, plain } from '../spec.ts';

const interfaceName: Codec<string> = {
  words: 1,
  expected: 'interface',
  read(first) {
    checkInterface(first);
    return first;
  },
  print: plainWord,
};

const ports = {
  isIn: negatable(['--physdev-is-in'], flag),
  in: negatable(['--physdev-in'], interfaceName),
  isOut: negatable(['--physdev-is-out'], flag),
  out: negatable(['--physdev-out'], interfaceName),
  isBridged: negatable(['--physdev-is-bridged'], flag),
};

/** The ports of a bridge that the packet came in by or will leave by. */
export const physdev = defineExtension({
  name: 'physdev',
  fields: ports,
  finish(match) {
    if (Object.keys(ports).every((key) => match[key as keyof typeof ports] === null)) {
      throw new NetfilterError('option.required', { expected: '--physdev-in | --physdev-out | …' });
    }
  },
  list(match) {
    let out = 'PHYSDEV match';
    for (const [key, field] of Object.entries<AnyField>(ports)) {
      const held = match[key as keyof typeof ports];
      if (held === null) continue;
      out += `${held.negated ? ' !' : ''} ${field.names[0]}${held.value === true ? '' : ` ${held.value}`}`;
    }
    return out;
  },
});

const given = (...parts: (string | false | null)[]): string => parts.filter(Boolean).join(' ');

/** Whether an answer would leave by the interface that the packet came in by. */
export const rpfilter = defineExtension({
  name: 'rpfilter',
  fields: {
    loose: plain(['--loose'], flag),
    validMark: plain(['--validmark'], flag),
    acceptLocal: plain(['--accept-local'], flag),
    invert: plain(['--invert'], flag),
  },
  tables: ['raw', 'mangle'],
  chains: ['PREROUTING'],
  list: ({ loose, validMark, acceptLocal, invert }) =>
    given(
      'rpfilter',
      loose && 'loose',
      validMark && 'validmark',
      acceptLocal && 'accept-local',
      invert && 'invert',
    ),
});

/** Whether an open socket waits for the packet. */
export const socket = defineExtension({
  name: 'socket',
  fields: {
    transparent: plain(['--transparent'], flag),
    noWildcard: plain(['--nowildcard'], flag),
    restoreMark: plain(['--restore-skmark'], flag),
  },
  chains: ['PREROUTING', 'INPUT'],
  list: ({ transparent, noWildcard, restoreMark }) =>
    given(
      'socket',
      transparent && '--transparent',
      noWildcard && '--nowildcard',
      restoreMark && '--restore-skmark',
    ),
});
