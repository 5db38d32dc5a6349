import { NetfilterError } from '../../error.ts';
import type { Negatable } from '../../model.ts';
import { addressRange } from '../../values/codecs.ts';
import { defineExtension, negatable } from '../spec.ts';

const listRange = (label: string, range: Negatable<{ from: string; to: string }> | null): string =>
  range ? `${label} IP range ${range.negated ? '! ' : ''}${addressRange.print(range.value)}` : '';

/** Addresses between two, both included. A reversed range is taken and matches nothing. */
export const iprange = defineExtension({
  name: 'iprange',
  fields: {
    source: negatable(['--src-range'], addressRange),
    destination: negatable(['--dst-range'], addressRange),
  },
  finish(match) {
    if (match.source === null && match.destination === null) {
      throw new NetfilterError('option.required', { expected: '--src-range | --dst-range' });
    }
  },
  list: (match) =>
    [listRange('source', match.source), listRange('destination', match.destination)]
      .filter(Boolean)
      .join(' '),
});
