import { NetfilterError } from '../../error.ts';
import { flag, text } from '../../values/codecs.ts';
import { parseUnsigned } from '../../values/number.ts';
import { byteLength } from '../../values/quote.ts';
import { type Codec, defineExtension, plain } from '../spec.ts';

const levels = ['emerg', 'alert', 'crit', 'error', 'warning', 'notice', 'info', 'debug'];
const defaultLevel = 4;
/** The kernel's field holds 30 bytes with its terminator; the tool cuts silently. */
const maxPrefix = 29;

const level: Codec<number> = {
  words: 1,
  expected: '0-7 | emerg … debug',
  read(first) {
    const number = parseUnsigned(first, 7);
    if (number >= 0) return number;
    const named = first === 'panic' ? 0 : levels.indexOf(first);
    if (named < 0) throw new NetfilterError('choice.unknown', { params: { value: first } });
    return named;
  },
  print: String,
};

function cutPrefix(value: string): string {
  if (value === '') throw new NetfilterError('option.value', { expected: 'at least one character' });
  if (value.length <= 9 || byteLength(value) <= maxPrefix) return value;
  let out = '';
  for (const character of value) {
    if (byteLength(out + character) > maxPrefix) break;
    out += character;
  }
  return out;
}

/** Writes the packet's header to the kernel log and goes on. */
export const log = defineExtension({
  name: 'LOG',
  fields: {
    prefix: plain(['--log-prefix'], { ...text, read: cutPrefix }),
    level: plain(['--log-level'], level, { present: true, omit: (value) => value === defaultLevel }),
    tcpSequence: plain(['--log-tcp-sequence'], flag),
    tcpOptions: plain(['--log-tcp-options'], flag),
    ipOptions: plain(['--log-ip-options'], flag),
    uid: plain(['--log-uid'], flag),
    macDecode: plain(['--log-macdecode'], flag),
  },
  finish(target) {
    target.level ??= defaultLevel;
  },
  list(target) {
    const flags =
      (target.tcpSequence ? 1 : 0) |
      (target.tcpOptions ? 2 : 0) |
      (target.ipOptions ? 4 : 0) |
      (target.uid ? 8 : 0) |
      (target.macDecode ? 32 : 0);
    const prefix = target.prefix ? ` prefix "${target.prefix}"` : '';
    return `LOG flags ${flags} level ${target.level}${prefix}`;
  },
});
