import { NetfilterError } from '../error.ts';
import type { Codec } from '../extensions/spec.ts';
import { byteLength, plainWord } from './quote.ts';

/** Dimensions of a set. */
const maxDirections = 6;
/** IPSET_MAXNAMELEN less its terminator. */
const maxName = 31;

/** A set of the kernel, with what of the packet is looked up in each of its dimensions. */
export interface SetLookup {
  set: string;
  directions: ('src' | 'dst')[];
}

/** `NAME src,dst`. Whether the set exists only the host knows. */
export const setLookup: Codec<SetLookup> = {
  words: 2,
  expected: 'set, list of src and dst',
  read(first, second) {
    if (first === '' || byteLength(first) > maxName) {
      throw new NetfilterError('option.value', { word: first, params: { max: maxName } });
    }
    const directions = second.split(',').map((word) => {
      if (word !== 'src' && word !== 'dst')
        throw new NetfilterError('choice.unknown', { params: { value: word } });
      return word;
    });
    if (directions.length > maxDirections) {
      throw new NetfilterError('option.value', { word: second, params: { max: maxDirections } });
    }
    return { set: first, directions };
  },
  print: ({ set, directions }) => `${plainWord(set)} ${directions.join(',')}`,
};
