import { NetfilterError } from '../../error.ts';
import type { Negatable } from '../../model.ts';
import { integer } from '../../values/codecs.ts';
import { prefixedHost } from '../../values/masked-host.ts';
import { type AnyField, defineExtension, negatable } from '../spec.ts';

const byte = integer(255);
const segment = prefixedHost('kept');

/** In print order; the tool keeps one number for the three comparisons of each. */
const fields = {
  nextHeader: negatable(['--srh-next-hdr'], byte),
  lengthEquals: negatable(['--srh-hdr-len-eq'], byte),
  lengthAbove: negatable(['--srh-hdr-len-gt'], byte),
  lengthBelow: negatable(['--srh-hdr-len-lt'], byte),
  segmentsLeftEquals: negatable(['--srh-segs-left-eq'], byte),
  segmentsLeftAbove: negatable(['--srh-segs-left-gt'], byte),
  segmentsLeftBelow: negatable(['--srh-segs-left-lt'], byte),
  lastEntryEquals: negatable(['--srh-last-entry-eq'], byte),
  lastEntryAbove: negatable(['--srh-last-entry-gt'], byte),
  lastEntryBelow: negatable(['--srh-last-entry-lt'], byte),
  tag: negatable(['--srh-tag'], integer(0xffff)),
  previousSegment: negatable(['--srh-psid'], segment),
  nextSegment: negatable(['--srh-nsid'], segment),
  lastSegment: negatable(['--srh-lsid'], segment),
};
type Key = keyof typeof fields;
const keys = Object.keys(fields) as Key[];

const comparisons: readonly (readonly Key[])[] = [
  ['lengthEquals', 'lengthAbove', 'lengthBelow'],
  ['segmentsLeftEquals', 'segmentsLeftAbove', 'segmentsLeftBelow'],
  ['lastEntryEquals', 'lastEntryAbove', 'lastEntryBelow'],
];

/** The header of segment routing (RFC 8754). Lengths are in units of 8 bytes, less the first. */
export const srh = defineExtension({
  name: 'srh',
  family: 'ipv6',
  fields,
  finish(match) {
    for (const group of comparisons) {
      const values = new Set(group.flatMap((key) => (match[key] ? [match[key].value] : [])));
      if (values.size > 1) throw new NetfilterError('option.conflict', { expected: 'one number' });
    }
  },
  list(match) {
    let out = 'srh';
    for (const key of keys) {
      const held: Negatable<number | string> | null = match[key];
      if (held === null) continue;
      const field: AnyField = fields[key];
      const name = field.names[0].slice('--srh-'.length);
      const sign = held.negated ? '!' : '';
      out +=
        typeof held.value === 'string' ? ` ${name} ${sign} ${held.value}` : ` ${name}:${sign}${held.value}`;
    }
    return out;
  },
});
