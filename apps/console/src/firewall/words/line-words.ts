import { type Dialect, describeRule, printListing, type Rule } from '@moru/netfilter';
import type { Line } from '../drafts/lines.ts';

/** The columns of `iptables -nL --line-numbers --verbose` behind num, pkts and bytes. */
export interface ListingColumns {
  target: string;
  prot: string;
  opt: string;
  in: string;
  out: string;
  source: string;
  destination: string;
  /** what the matches add without a heading */
  rest: string;
}

/** A rule as the tool lists it. */
export function listingColumns(rule: Rule, family: 'ipv4' | 'ipv6', dialect: Dialect): ListingColumns {
  const chain = {
    name: 'INPUT',
    policy: null,
    packets: 0n,
    bytes: 0n,
    rules: [{ ...rule, packets: 0n, bytes: 0n }],
  };
  const remarks = { before: [], inside: [], after: [] };
  const set = { family, tables: [{ name: 'filter', remarks, chains: [chain] }] };
  const line = printListing(set, 'filter', { dialect }).split('\n')[2] ?? '';
  const words = line.trim().split(/\s+/).slice(3);
  if (rule.target === null) words.unshift('');
  const [
    target = '',
    prot = '',
    opt = '',
    inInterface = '',
    out = '',
    source = '',
    destination = '',
    ...rest
  ] = words;
  return { target, prot, opt, in: inInterface, out, source, destination, rest: rest.join(' ') };
}

/** A condition that an edit changes: what is written under the new one, struck through. */
export function wasOtherwise<T>({ entry, before }: Line, part: (rule: Rule) => T): T | undefined {
  if (!before) return undefined;
  const [now, then] = [part(entry.rule), part(before.rule)];
  return now === then ? undefined : then;
}

/** `eth0`, `! eth1`: with the `!` that turns a condition round. */
export function interfacesOf(rule: Rule): { in: string | null; out: string | null } {
  const { inInterface, outInterface } = describeRule(rule);
  return {
    in: inInterface && (inInterface.not ? `! ${inInterface.text}` : inInterface.text),
    out: outInterface && (outInterface.not ? `! ${outInterface.text}` : outInterface.text),
  };
}
