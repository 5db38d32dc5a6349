import { integer, nameText } from '../../values/codecs.ts';
import { TCP } from '../../values/protocols.ts';
import { needProtocol } from '../needs.ts';
import { defineExtension, negatable, plain } from '../spec.ts';

/** The sender's system, guessed from a SYN packet by fingerprints that the kernel was given. */
export const osf = defineExtension({
  name: 'osf',
  family: 'ipv4',
  fields: {
    genre: negatable(['--genre'], nameText(31), { required: true, present: true }),
    ttl: plain(['--ttl'], integer(2)),
    log: plain(['--log'], integer(2)),
  },
  finish: (_match, { rule }) => needProtocol(rule, TCP),
  list: ({ genre }) => `OS fingerprint match ${genre.negated ? '! ' : ''}${genre.value}`,
});
