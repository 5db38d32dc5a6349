import { NetfilterError } from '../../error.ts';
import { integer, type Masked, masked, readMasked } from '../../values/codecs.ts';
import { hex, parseUnsigned } from '../../values/number.ts';
import { type Alias, defineExtension, plain } from '../spec.ts';

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
    if (target.xmark) return listMark('CONNMARK', target.xmark);
    const packet = target.packetMask ?? allOnes;
    const connection = target.connectionMask ?? allOnes;
    const head = `CONNMARK ${target.copy}`;
    if (packet === connection) return packet === allOnes ? head : `${head} mask ${hex(packet)}`;
    return target.copy === 'save'
      ? `${head} nfmask ${hex(packet)} ctmask ~${hex(connection)}`
      : `${head} ctmask ${hex(connection)} nfmask ~${hex(packet)}`;
  },
});

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
