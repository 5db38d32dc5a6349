import { NetfilterError } from '../../error.ts';
import { integerRange, portRange, wordSet } from '../../values/codecs.ts';
import { maskedHost } from '../../values/masked-host.ts';
import { protocolNumber } from '../../values/protocols.ts';
import { type AnyField, type Codec, defineExtension, negatable, plain } from '../spec.ts';

/** In the order in which the tool prints them. */
export const connectionStates = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED'] as const;

const states = wordSet(connectionStates);
const ctstates = wordSet([...connectionStates, 'SNAT', 'DNAT']);
const statuses = wordSet(['NONE', 'EXPECTED', 'SEEN_REPLY', 'ASSURED', 'CONFIRMED']);

const direction: Codec<'ORIGINAL' | 'REPLY'> = {
  words: 1,
  expected: 'ORIGINAL | REPLY',
  read(first) {
    const upper = first.toUpperCase();
    if (upper !== 'ORIGINAL' && upper !== 'REPLY')
      throw new NetfilterError('choice.unknown', { params: { value: first } });
    return upper;
  },
  print: (value) => value,
};

const protocol: Codec<number> = {
  words: 1,
  expected: 'name | 0-255',
  read: (first) => protocolNumber(first),
  print: String,
};

const host = maskedHost;
const port = portRange('taken');

const fields = {
  states: negatable(['--ctstate'], ctstates),
  protocol: negatable(['--ctproto'], protocol),
  originSource: negatable(['--ctorigsrc'], host),
  originDestination: negatable(['--ctorigdst'], host),
  replySource: negatable(['--ctreplsrc'], host),
  replyDestination: negatable(['--ctrepldst'], host),
  originSourcePort: negatable(['--ctorigsrcport'], port),
  originDestinationPort: negatable(['--ctorigdstport'], port),
  replySourcePort: negatable(['--ctreplsrcport'], port),
  replyDestinationPort: negatable(['--ctrepldstport'], port),
  status: negatable(['--ctstatus'], statuses),
  expire: negatable(['--ctexpire'], integerRange(0xffffffff)),
  direction: plain(['--ctdir'], direction),
};

/** Connection tracking. The kernel's state machine: reference/iptables.md section 7.3. */
export const conntrack = defineExtension({
  name: 'conntrack',
  fields,
  finish(match) {
    const empty = (Object.keys(fields) as (keyof typeof fields)[]).every((key) => match[key] === null);
    if (empty) throw new NetfilterError('option.required', { expected: '--ctstate' });
  },
  list(match) {
    const parts: string[] = [];
    for (const [key, field] of Object.entries<AnyField>(fields)) {
      const held = match[key as keyof typeof fields];
      if (held === null) continue;
      const { negated, value } = typeof held === 'string' ? { negated: false, value: held } : held;
      parts.push(`${negated ? '! ' : ''}${field.names[0].slice(2)} ${field.codec.print(value)}`);
    }
    return parts.join(' ');
  },
});

/** The older spelling of `conntrack --ctstate`, still what most rule sets use. */
export const state = defineExtension({
  name: 'state',
  fields: { states: negatable(['--state'], states, { required: true, present: true }) },
  list: (match) => `${match.states.negated ? '! ' : ''}state ${match.states.value.join(',')}`,
});
