import { NetfilterError } from '../../error.ts';
import type { Negatable } from '../../model.ts';
import { choice, flag, integer } from '../../values/codecs.ts';
import { maskedHost } from '../../values/masked-host.ts';
import { hex } from '../../values/number.ts';
import { protocolName, protocolNumber } from '../../values/protocols.ts';
import { type Codec, defineExtension, plain } from '../spec.ts';

/** One transformation of IPsec; what is null may be anything. Addresses keep the bits behind their mask. */
export interface PolicyElement {
  requestId: Negatable<number> | null;
  spi: Negatable<number> | null;
  protocol: Negatable<number> | null;
  mode: Negatable<'transport' | 'tunnel'> | null;
  tunnelDestination: Negatable<string> | null;
  tunnelSource: Negatable<string> | null;
}

const max = 0xffffffff;
const maxElements = 4;
const transforms: readonly number[] = [50, 51, 108];

const protocol: Codec<number> = {
  words: 1,
  expected: 'esp | ah | ipcomp',
  read(first) {
    const number = protocolNumber(first);
    if (!transforms.includes(number))
      throw new NetfilterError('choice.unknown', { params: { value: first } });
    return number;
  },
  print: protocolName,
};

/** In print order. */
const options: Readonly<Record<keyof PolicyElement, readonly [name: string, codec: Codec<unknown>]>> = {
  requestId: ['reqid', integer(max)],
  spi: ['spi', { ...integer(max), print: hex }],
  protocol: ['proto', protocol],
  mode: ['mode', choice(['transport', 'tunnel'], 'exact')],
  tunnelDestination: ['tunnel-dst', maskedHost],
  tunnelSource: ['tunnel-src', maskedHost],
};
const keys = Object.keys(options) as (keyof PolicyElement)[];

const blank: PolicyElement = {
  requestId: null,
  spi: null,
  protocol: null,
  mode: null,
  tunnelDestination: null,
  tunnelSource: null,
};

/** What one option says: a part of the element, or (`null`) that the next one begins. */
type Part = { key: keyof PolicyElement; value: unknown } | null;

const asElements = (part: Part): PolicyElement[] => part as unknown as PolicyElement[];

function optionCodec(key: keyof PolicyElement): Codec<PolicyElement[]> {
  const [, codec] = options[key];
  return {
    words: 1,
    expected: codec.expected,
    read: (first, second, family) => asElements({ key, value: codec.read(first, second, family) }),
    print: () => '',
  };
}

const next: Codec<PolicyElement[]> = {
  words: 0,
  expected: 'no value',
  read: () => asElements(null),
  print: () => '',
};

function gather(held: PolicyElement[] | null, read: PolicyElement[], negated: boolean): PolicyElement[] {
  const elements = held ?? [blank];
  const part = read as unknown as Part;
  if (part === null) {
    if (negated) throw new NetfilterError('option.negated');
    if (elements.length === maxElements)
      throw new NetfilterError('option.value', { params: { max: maxElements } });
    return [...elements, blank];
  }
  const last = elements.at(-1) ?? blank;
  if (last[part.key] !== null) throw new NetfilterError('option.twice');
  return [...elements.slice(0, -1), { ...last, [part.key]: { negated, value: part.value } }];
}

const savedText = (key: keyof PolicyElement, value: unknown): string => options[key][1].print(value);
const listedText = (key: keyof PolicyElement, value: unknown): string =>
  key === 'protocol' ? String(value) : savedText(key, value);

function words(element: PolicyElement, dashes: '--' | '', text: typeof savedText): string {
  const given = keys.flatMap((key) => {
    const held = element[key];
    return held ? [`${held.negated ? '! ' : ''}${dashes}${options[key][0]} ${text(key, held.value)}`] : [];
  });
  return given.join(' ');
}

const isEmpty = (element: PolicyElement): boolean => keys.every((key) => element[key] === null);

function checkElement({ mode, tunnelSource, tunnelDestination }: PolicyElement): void {
  const tunnel = tunnelSource !== null || tunnelDestination !== null;
  if (tunnel && (mode === null || mode.negated || mode.value !== 'tunnel')) {
    throw new NetfilterError('option.required', { expected: '--mode tunnel' });
  }
}

/** How IPsec handled or will handle the packet; without `strict` one of its transformations, else all in order. */
export const policy = defineExtension({
  name: 'policy',
  fields: {
    direction: plain(['--dir'], choice(['in', 'out'], 'exact'), { required: true, present: true }),
    policy: plain(['--pol'], choice(['none', 'ipsec'], 'exact'), { present: true }),
    strict: plain(['--strict'], flag),
    elements: plain(['--reqid'], optionCodec('requestId'), {
      gather,
      // each element prints its own options
      named: (elements) => elements.map((element) => words(element, '--', savedText)).join(' --next '),
      aliases: [
        ...keys.slice(1).map((key) => ({ names: [`--${options[key][0]}`], codec: optionCodec(key) })),
        { names: ['--next'], codec: next },
      ],
    }),
  },
  places: ({ direction }) => ({
    chains: direction === 'in' ? ['PREROUTING', 'INPUT', 'FORWARD'] : ['FORWARD', 'OUTPUT', 'POSTROUTING'],
  }),
  finish(match) {
    match.policy ??= 'ipsec';
    const { elements, strict } = match;
    if (match.policy === 'none' && (strict || elements)) {
      throw new NetfilterError('option.conflict', { expected: '--pol ipsec' });
    }
    if (elements && elements.length > 1 && !strict) {
      throw new NetfilterError('option.required', { expected: '--strict' });
    }
    if (strict && (elements ?? [blank]).some(isEmpty)) {
      throw new NetfilterError('option.required', { expected: '--reqid' });
    }
    for (const element of elements ?? []) checkElement(element);
  },
  list({ direction, policy: kind, strict, elements }) {
    const head = `policy match dir ${direction} pol ${kind}${strict ? ' strict' : ''}`;
    const parts = (elements ?? []).map((element, index, all) => {
      const numbered = all.length > 1 ? ` [${index}]` : '';
      return `${numbered} ${words(element, '', listedText)}`;
    });
    return head + parts.join('');
  },
});
