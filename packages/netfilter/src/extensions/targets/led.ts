import { NetfilterError } from '../../error.ts';
import { flag, text } from '../../values/codecs.ts';
import { parseUnsigned } from '../../values/number.ts';
import { byteLength } from '../../values/quote.ts';
import { type Codec, defineExtension, plain } from '../spec.ts';

const maxName = 16;
const maxDelay = 0xffffffff;
const forEver = maxDelay;

const triggerName: Codec<string> = {
  ...text,
  read(first) {
    if (byteLength(first) > maxName) throw new NetfilterError('option.value', { params: { max: maxName } });
    return first;
  },
  // quoted in any case
  print(value) {
    const word = text.print(value);
    return word.startsWith('"') ? word : `"${word}"`;
  },
};

const delay: Codec<number> = {
  words: 1,
  expected: 'ms | inf',
  read(first) {
    if (first === 'inf') return forEver;
    // from half of the range on the tool prints a number below zero, which it does not read
    const below = /^-\d+$/.test(first) ? Number(first) : 0;
    const value = below < 0 && below >= -0x8000_0000 ? below >>> 0 : parseUnsigned(first, maxDelay);
    if (value < 0) throw new NetfilterError('number.invalid', { params: { max: maxDelay } });
    return value;
  },
  print: (value) => (value === forEver ? 'inf' : String(value)),
};

/** Blinks a lamp of the machine. */
export const led = defineExtension({
  name: 'LED',
  fields: {
    trigger: plain(['--led-trigger-id'], triggerName, { required: true, present: true }),
    /** in ms */
    delay: plain(['--led-delay'], delay, { omit: (value) => value === 0 }),
    alwaysBlink: plain(['--led-always-blink'], flag),
  },
  list({ trigger, delay: held, alwaysBlink }) {
    const time = held === forEver ? 'inf' : `${(held ?? 0) | 0}ms`;
    return `led-trigger-id:${triggerName.print(trigger)} led-delay:${time}${alwaysBlink ? ' led-always-blink' : ''}`;
  },
});
