import { NetfilterError } from '../../error.ts';
import type { Negatable } from '../../model.ts';
import type { Masked } from '../../values/codecs.ts';
import { masked } from '../../values/codecs.ts';
import { type Codec, defineExtension, negatable } from '../spec.ts';

const value = masked('asNeeded');

/** The packet's firewall mark, compared under a mask. */
export const mark = defineExtension({
  name: 'mark',
  fields: { mark: negatable(['--mark'], value, { required: true, present: true }) },
  list: (match) => `mark match ${match.mark.negated ? '! ' : ''}${value.print(match.mark.value)}`,
});

/** The connection's mark, compared under a mask. Without `!` the tool lists two blanks. */
export const connmark = defineExtension({
  name: 'connmark',
  fields: { mark: negatable(['--mark'], value, { required: true, present: true }) },
  list: ({ mark: held }) => `connmark match ${held.negated ? '!' : ''} ${value.print(held.value)}`,
});

/** A number that a host's configuration may give names to; the one that every host has is printed as name. */
function namedZero(name: string): Codec<Masked> {
  return {
    ...value,
    read: (first, second, family) => value.read(first === name ? '0' : first, second, family),
    print: (held) => (held.value === 0 && held.mask === 0xffffffff ? name : value.print(held)),
  };
}

const listMasked = (label: string, held: Negatable<Masked> | null): string | null =>
  held && `${held.negated ? '! ' : ''}${label} ${value.print(held.value)}`;

/** The group of the interface. */
export const devgroup = defineExtension({
  name: 'devgroup',
  fields: {
    source: negatable(['--src-group'], namedZero('default')),
    destination: negatable(['--dst-group'], namedZero('default')),
  },
  finish(match) {
    if (match.source === null && match.destination === null) {
      throw new NetfilterError('option.required', { expected: '--src-group | --dst-group' });
    }
  },
  list: ({ source, destination }) =>
    [listMasked('src-group', source), listMasked('dst-group', destination)].filter(Boolean).join(' '),
});

/** The routing realm. */
export const realm = defineExtension({
  name: 'realm',
  family: 'ipv4',
  fields: { realm: negatable(['--realm'], namedZero('cosmos'), { required: true, present: true }) },
  chains: ['INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  list: (match) => listMasked('realm', match.realm) ?? '',
});
