/** One instruction of classic BPF: operation, two jumps and an operand. */
export interface BpfInstruction {
  code: number;
  jumpTrue: number;
  jumpFalse: number;
  operand: number;
}

/** Words of scratch memory. */
const memoryWords = 16;

const load = { immediate: 0x00, memory: 0x60, wordAt: 0x20, halfAt: 0x28, byteAt: 0x30 };
const loadIndex = { memory: 0x61 };
const store = { accumulator: 0x02, index: 0x03 };
const shift = { left: 0x64, right: 0x74 };
const divide = { quotient: 0x34, remainder: 0x94 };
const jump = { always: 0x05 };
const give = { constant: 0x06, accumulator: 0x16 };

/** Jumps with two ends: equal, greater, greater or equal, any bit set; each with the operand or the index. */
const branches: ReadonlySet<number> = new Set([0x15, 0x1d, 0x25, 0x2d, 0x35, 0x3d, 0x45, 0x4d]);

const operations: ReadonlySet<number> = new Set([
  ...[load.immediate, load.memory, load.wordAt, load.halfAt, load.byteAt, 0x40, 0x48, 0x50, 0x80],
  ...[0x01, loadIndex.memory, 0x81, 0xb1],
  ...[store.accumulator, store.index],
  ...[0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c, divide.quotient, 0x3c, 0x44, 0x4c, 0x54, 0x5c],
  ...[shift.left, 0x6c, shift.right, 0x7c, 0x84, divide.remainder, 0x9c, 0xa4, 0xac],
  ...[jump.always, ...branches],
  ...[give.constant, give.accumulator],
  ...[0x07, 0x87],
]);

/** Loads from here on ask the kernel about the packet (protocol, mark, …), every fourth up to 60. */
const ancillary = 0xffff_f000;
const lastAncillary = ancillary + 60;

/**
 * Whether the kernel takes the program: known operations, jumps that end inside, no division by zero, no word of
 * scratch memory read before it was written, and an answer at the end (Linux net/core/filter.c, bpf_check_classic).
 */
export function isValidProgram(program: readonly BpfInstruction[]): boolean {
  const last = program.at(-1)?.code;
  return (
    (last === give.constant || last === give.accumulator) && program.every(isValid) && readsWritten(program)
  );
}

function isValid(
  { code, jumpTrue, jumpFalse, operand }: BpfInstruction,
  at: number,
  program: readonly BpfInstruction[],
): boolean {
  const left = program.length - at - 1;
  if (!operations.has(code)) return false;
  switch (code) {
    case divide.quotient:
    case divide.remainder:
      return operand !== 0;
    case shift.left:
    case shift.right:
      return operand < 32;
    case load.memory:
    case loadIndex.memory:
    case store.accumulator:
    case store.index:
      return operand < memoryWords;
    case jump.always:
      return operand < left;
    case load.wordAt:
    case load.halfAt:
    case load.byteAt:
      return operand < ancillary || (operand <= lastAncillary && operand % 4 === 0);
    default:
      return !branches.has(code) || (jumpTrue < left && jumpFalse < left);
  }
}

/** Follows which words are surely written, on every way to each instruction. */
function readsWritten(program: readonly BpfInstruction[]): boolean {
  const all = (1 << memoryWords) - 1;
  const reached = program.map(() => all);
  const meet = (at: number, written: number): void => {
    reached[at] = (reached[at] ?? all) & written;
  };
  let written = 0;
  for (const [at, { code, jumpTrue, jumpFalse, operand }] of program.entries()) {
    written &= reached[at] ?? all;
    if (code === store.accumulator || code === store.index) written |= 1 << operand;
    else if (code === load.memory || code === loadIndex.memory) {
      if ((written & (1 << operand)) === 0) return false;
    } else if (code === jump.always) {
      meet(at + 1 + operand, written);
      written = all;
    } else if (branches.has(code)) {
      meet(at + 1 + jumpTrue, written);
      meet(at + 1 + jumpFalse, written);
      written = all;
    }
  }
  return true;
}
