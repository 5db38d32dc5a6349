import { NetfilterError } from '../../error.ts';
import { integer, type Masked, masked, nameText, readMasked } from '../../values/codecs.ts';
import { hex, parseUnsigned } from '../../values/number.ts';
import { type Alias, type Codec, defineExtension, plain } from '../spec.ts';

const allOnes = 0xffffffff;

function bits(name: string, make: (value: number) => Masked): Alias<Masked> {
  return {
    names: [name],
    codec: {
      words: 1,
      expected: 'value',
      read(first) {
        const value = parseUnsigned(first, allOnes);
        if (value < 0) throw new NetfilterError('number.invalid', { params: { max: allOnes } });
        return make(value);
      },
    },
  };
}

/** `--set-mark value/mask`: the bits of both are cleared first. */
const setMark: Alias<Masked> = {
  names: ['--set-mark'],
  codec: {
    words: 1,
    expected: 'value[/mask]',
    read(first) {
      const { value, mask } = readMasked(first);
      return { value, mask: (value | mask) >>> 0 };
    },
  },
};

const bitwise = [
  bits('--and-mark', (value) => ({ value: 0, mask: ~value >>> 0 })),
  bits('--or-mark', (value) => ({ value, mask: value })),
  bits('--xor-mark', (value) => ({ value, mask: 0 })),
];

function listMark(label: string, { value, mask }: Masked): string {
  if (value === 0) return `${label} and ${hex(~mask >>> 0)}`;
  if (value === mask) return `${label} or ${hex(value)}`;
  if (mask === 0) return `${label} xor ${hex(value)}`;
  return mask === allOnes ? `${label} set ${hex(value)}` : `${label} xset ${hex(value)}/${hex(mask)}`;
}

/** Sets the packet's mark: bits of `mask` are cleared, then `value` is XORed in (`--set-xmark`). */
export const markTarget = defineExtension({
  name: 'MARK',
  fields: {
    xmark: plain(['--set-xmark'], masked('always'), {
      required: true,
      present: true,
      aliases: [setMark, ...bitwise],
    }),
  },
  list: ({ xmark }) => listMark('MARK', xmark),
});

const maskField = { ...integer(allOnes), print: hex };

/** By how many bits the value is moved on its way. */
export interface MarkShift {
  direction: 'left' | 'right';
  bits: number;
}

const shiftBits = integer(31);

const shift = (direction: MarkShift['direction']): Codec<MarkShift> => ({
  words: 1,
  expected: shiftBits.expected,
  read: (first, second, family) => ({ direction, bits: shiftBits.read(first, second, family) }),
  print: ({ bits }) => String(bits),
});

type Copy = 'save' | 'restore';

const copy = (direction: Copy) => ({
  words: 0 as const,
  expected: 'no value',
  read: (): Copy => direction,
});

/**
 * Sets the connection's mark as MARK does the packet's, or copies: `save` from the packet to the connection,
 * `restore` back, each under the masks of both.
 */
export const connmarkTarget = defineExtension({
  name: 'CONNMARK',
  fields: {
    xmark: plain(['--set-xmark'], masked('always'), { aliases: [setMark, ...bitwise] }),
    copy: plain(
      ['--save-mark'],
      { ...copy('save'), print: () => '' },
      {
        aliases: [{ names: ['--restore-mark'], codec: copy('restore') }],
        named: (value) => `--${value}-mark`,
      },
    ),
    packetMask: plain(['--nfmask'], maskField),
    connectionMask: plain(['--ctmask'], maskField),
    /** both masks, or that of `--set-mark`; null once the rule is read */
    mask: plain(['--mask'], maskField),
    shift: plain(['--left-shift-mark'], shift('left'), {
      aliases: [{ names: ['--right-shift-mark'], codec: shift('right') }],
      named: ({ direction }) => `--${direction}-shift-mark`,
      omit: ({ bits }) => bits === 0,
    }),
  },
  finish(target) {
    const { xmark, mask } = target;
    if ((xmark === null) === (target.copy === null)) {
      throw new NetfilterError(xmark ? 'option.conflict' : 'option.required', {
        expected: '--set-xmark | --save-mark | --restore-mark',
      });
    }
    if (mask !== null && (target.packetMask !== null || target.connectionMask !== null)) {
      throw new NetfilterError('option.conflict', { expected: '--mask' });
    }
    if (xmark) {
      if (mask !== null) xmark.mask = mask;
      target.packetMask = null;
      target.connectionMask = null;
    } else {
      target.packetMask ??= mask ?? allOnes;
      target.connectionMask ??= mask ?? allOnes;
    }
    target.mask = null;
  },
  list(target) {
    const { shift: moved } = target;
    const shifted = moved && moved.bits > 0 ? ` ${moved.direction}-shift-mark ${moved.bits}` : '';
    return `${listAction(target)}${shifted}`;
  },
});

interface MarkAction {
  xmark: Masked | null;
  copy: Copy | null;
  packetMask: number | null;
  connectionMask: number | null;
}

function listAction(target: MarkAction): string {
  if (target.xmark) return listMark('CONNMARK', target.xmark);
  const packet = target.packetMask ?? allOnes;
  const connection = target.connectionMask ?? allOnes;
  const head = `CONNMARK ${target.copy}`;
  if (packet === connection) return packet === allOnes ? head : `${head} mask ${hex(packet)}`;
  return target.copy === 'save'
    ? `${head} nfmask ${hex(packet)} ctmask ~${hex(connection)}`
    : `${head} ctmask ${hex(connection)} nfmask ~${hex(packet)}`;
}

/** Copies the security mark between packet and connection. */
export const connsecmark = defineExtension({
  name: 'CONNSECMARK',
  fields: {
    copy: plain(
      ['--save'],
      { ...copy('save'), print: () => '' },
      {
        required: true,
        present: true,
        aliases: [{ names: ['--restore'], codec: copy('restore') }],
        named: (value) => `--${value}`,
      },
    ),
  },
  tables: ['mangle', 'security'],
  list: (target) => `CONNSECMARK ${target.copy}`,
});

/** Gives the packet a security context; which ones there are the host's policy says. */
export const secmark = defineExtension({
  name: 'SECMARK',
  fields: { context: plain(['--selctx'], nameText(255), { required: true, present: true }) },
  tables: ['mangle', 'security'],
  list: ({ context }) => `SECMARK selctx ${context}`,
});
