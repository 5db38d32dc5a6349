import { NetfilterError } from '../../error.ts';
import { integer } from '../../values/codecs.ts';
import { type Codec, defineExtension, negatable, plain } from '../spec.ts';

const hexWord = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;
const word = { ...integer(0xffffffff), print: hexWord };
const node: Pick<Codec<number>, 'words' | 'expected' | 'read'> = {
  words: 1,
  expected: '1-32',
  read: (first, second, family) => (1 << (integer(32, 1).read(first, second, family) - 1)) >>> 0,
};

/** The share of the connections that this node of a cluster takes. */
export const cluster = defineExtension({
  name: 'cluster',
  fields: {
    nodeMask: negatable(['--cluster-local-nodemask'], word, {
      required: true,
      present: true,
      aliases: [{ names: ['--cluster-local-node'], codec: node }],
    }),
    totalNodes: plain(['--cluster-total-nodes'], integer(32, 1), { required: true, present: true }),
    seed: plain(['--cluster-hash-seed'], word, { required: true, present: true }),
  },
  finish({ nodeMask, totalNodes }) {
    if (nodeMask.value >= 2 ** totalNodes) {
      throw new NetfilterError('number.invalid', { params: { max: 2 ** totalNodes - 1 } });
    }
  },
  list: ({ nodeMask, totalNodes, seed }) =>
    `cluster ${nodeMask.negated ? '!' : ''}node_mask=${hexWord(nodeMask.value)} ` +
    `total_nodes=${totalNodes} hash_seed=${hexWord(seed)}`,
});
