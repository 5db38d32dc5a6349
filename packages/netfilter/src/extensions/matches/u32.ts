import { NetfilterError } from '../../error.ts';
import { hex, parseUnsigned } from '../../values/number.ts';
import { type Codec, defineExtension, negatable } from '../spec.ts';

const all = 0xffffffff;
/** Tests, places in one and values in one that the kernel has room for. */
const maxTests = 11;

function number(word: string): string {
  const value = parseUnsigned(word.trim(), all);
  if (value < 0) throw new NetfilterError('number.invalid', { word, params: { max: all } });
  return hex(value);
}

function values(text: string): string {
  const list = text.split(',');
  if (list.length > maxTests) throw new NetfilterError('option.value', { params: { max: maxTests } });
  return list
    .map((word) => {
      const ends = word.split(':');
      if (ends.length > 2) throw new NetfilterError('option.value', { word });
      return ends.map(number).join(':');
    })
    .join(',');
}

/** `start&mask>>shift@…`: numbers with an operator between each two. */
function place(text: string): string {
  const parts = text.split(/(<<|>>|[&@])/);
  if (parts.length > 2 * maxTests) throw new NetfilterError('option.value', { params: { max: maxTests } });
  return parts.map((part, index) => (index % 2 === 0 ? number(part) : part)).join('');
}

/** `place=values && place=values`, numbers in hexadecimal and without blanks. */
const expression: Codec<string> = {
  words: 1,
  expected: 'start&mask=value[:value][,…] [&& …]',
  read(first) {
    const tests = first.split('&&');
    if (tests.length > maxTests) throw new NetfilterError('option.value', { params: { max: maxTests } });
    return tests
      .map((test) => {
        const equals = test.indexOf('=');
        if (equals < 0) throw new NetfilterError('option.value', { word: test });
        return `${place(test.slice(0, equals))}=${values(test.slice(equals + 1))}`;
      })
      .join('&&');
  },
  print: (value) => `"${value}"`,
};

/** 32-bit words of the packet, compared with numbers. */
export const u32 = defineExtension({
  name: 'u32',
  fields: { expression: negatable(['--u32'], expression, { required: true, present: true }) },
  list: ({ expression: { negated, value } }) => `u32 ${negated ? '! ' : ''}"${value}"`,
});
