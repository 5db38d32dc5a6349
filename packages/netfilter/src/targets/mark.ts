import { type Masked, masked, readMasked } from '../codecs.ts';
import { NetfilterError } from '../error.ts';
import { hex, parseUnsigned } from '../number.ts';
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

/** Sets the packet's mark: bits of `mask` are cleared, then `value` is XORed in (`--set-xmark`). */
export const markTarget = defineExtension({
  name: 'MARK',
  fields: {
    xmark: plain(['--set-xmark'], masked('always'), {
      required: true,
      present: true,
      aliases: [
        {
          names: ['--set-mark'],
          codec: {
            words: 1,
            expected: 'value[/mask]',
            read(first) {
              const { value, mask } = readMasked(first);
              return { value, mask: (value | mask) >>> 0 };
            },
          },
        },
        bits('--and-mark', (value) => ({ value: 0, mask: ~value >>> 0 })),
        bits('--or-mark', (value) => ({ value, mask: value })),
        bits('--xor-mark', (value) => ({ value, mask: 0 })),
      ],
    }),
  },
  list({ xmark: { value, mask } }) {
    if (value === 0) return `MARK and ${hex(~mask >>> 0)}`;
    if (value === mask) return `MARK or ${hex(value)}`;
    if (mask === 0) return `MARK xor ${hex(value)}`;
    return mask === allOnes ? `MARK set ${hex(value)}` : `MARK xset ${hex(value)}/${hex(mask)}`;
  },
});
