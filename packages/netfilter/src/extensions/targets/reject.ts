import { NetfilterError } from '../../error.ts';
import type { Family } from '../../model.ts';
import { type Codec, defineExtension, plain } from '../spec.ts';

/** Answers by name with their short form, per family. */
const answers: Readonly<Record<Family, ReadonlyArray<readonly [name: string, short: string]>>> = {
  ipv4: [
    ['icmp-net-unreachable', 'net-unreach'],
    ['icmp-host-unreachable', 'host-unreach'],
    ['icmp-proto-unreachable', 'proto-unreach'],
    ['icmp-port-unreachable', 'port-unreach'],
    ['icmp-net-prohibited', 'net-prohib'],
    ['icmp-host-prohibited', 'host-prohib'],
    ['tcp-reset', 'tcp-rst'],
    ['icmp-admin-prohibited', 'admin-prohib'],
  ],
  ipv6: [
    ['icmp6-no-route', 'no-route'],
    ['icmp6-adm-prohibited', 'adm-prohibited'],
    ['icmp6-addr-unreachable', 'addr-unreach'],
    ['icmp6-port-unreachable', 'port-unreach'],
    ['tcp-reset', 'tcp-reset'],
    ['icmp6-policy-fail', 'policy-fail'],
    ['icmp6-reject-route', 'reject-route'],
  ],
};

/** The values of `--reject-with` of a family, in the tool's order. */
export function rejectAnswers(family: Family): readonly string[] {
  return answers[family].map(([name]) => name);
}

/** What a REJECT without `--reject-with` answers. */
export function usualRejectAnswer(family: Family): string {
  return family === 'ipv4' ? 'icmp-port-unreachable' : 'icmp6-port-unreachable';
}

const answer: Codec<string> = {
  words: 1,
  expected: 'icmp-port-unreachable | tcp-reset | …',
  read(first, _second, family) {
    const lower = first.toLowerCase();
    // the tool takes the beginning of either name and stops at the first that fits
    const found = answers[family].find(([name, short]) => name.startsWith(lower) || short.startsWith(lower));
    if (!found || first === '') throw new NetfilterError('choice.unknown', { params: { value: first } });
    return found[0];
  },
  print: (value) => value,
};

/** Drops and tells the sender. Only in filter, in INPUT, FORWARD, OUTPUT and chains called from them. */
export const reject = defineExtension({
  name: 'REJECT',
  fields: { rejectWith: plain(['--reject-with'], answer, { present: true }) },
  tables: ['filter'],
  chains: ['INPUT', 'FORWARD', 'OUTPUT'],
  finish(target, { family }) {
    target.rejectWith ??= usualRejectAnswer(family);
  },
  list: (target) => `reject-with ${target.rejectWith}`,
});
