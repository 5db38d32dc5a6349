import { NetfilterError } from '../../error.ts';
import { type BpfInstruction, isValidProgram } from '../../values/bpf-program.ts';
import { nameText } from '../../values/codecs.ts';
import { parseDecimal } from '../../values/number.ts';
import { type Codec, defineExtension, plain } from '../spec.ts';

const maxInstructions = 64;
/** The kernel's field holds 512 bytes with its terminator. */
const maxPath = 511;

const limits = [0xffff, 0xff, 0xff, 0xffffffff] as const;

function readInstruction(text: string): BpfInstruction {
  const words = text.trim().split(/ +/);
  const numbers = limits.map((max, i) => parseDecimal(words[i] ?? '', max));
  const [code = -1, jumpTrue = -1, jumpFalse = -1, operand = -1] = numbers;
  if (words.length !== limits.length || numbers.some((number) => number < 0)) {
    throw new NetfilterError('option.value', { word: text, expected: 'code jt jf k' });
  }
  return { code, jumpTrue, jumpFalse, operand };
}

const printInstruction = ({ code, jumpTrue, jumpFalse, operand }: BpfInstruction): string =>
  `${code} ${jumpTrue} ${jumpFalse} ${operand}`;

const program: Codec<BpfInstruction[]> = {
  words: 1,
  expected: 'count,code jt jf k[,code jt jf k] …',
  read(first) {
    const [count = '', ...rest] = first.split(',');
    if (rest.at(-1)?.trim() === '') rest.pop();
    const instructions = rest.map(readInstruction);
    if (instructions.length === 0 || parseDecimal(count, maxInstructions) !== instructions.length) {
      throw new NetfilterError('option.value', { word: first, params: { max: maxInstructions } });
    }
    if (!isValidProgram(instructions)) throw new NetfilterError('option.value', { word: first });
    return instructions;
  },
  print: (value) => `"${value.length},${value.map(printInstruction).join(',')}"`,
};

/** A program of classic BPF that says whether the packet matches, written out or pinned in the kernel. */
export const bpf = defineExtension({
  name: 'bpf',
  listedClose: true,
  fields: {
    program: plain(['--bytecode'], program),
    /** path in a bpf file system; whether it exists only the host knows */
    pinned: plain(['--object-pinned'], nameText(maxPath)),
  },
  finish(match) {
    if ((match.program === null) === (match.pinned === null)) {
      throw new NetfilterError(match.program === null ? 'option.required' : 'option.conflict', {
        expected: '--bytecode | --object-pinned',
      });
    }
  },
  // the tool ends with a NUL, which is left out
  list: (match) =>
    match.program
      ? `match bpf ${match.program.map(printInstruction).join(',')}`
      : `match bpf pinned ${match.pinned}`,
});
