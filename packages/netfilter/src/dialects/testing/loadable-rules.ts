import { NetfilterError } from '../../error.ts';
import type { Family, Rule } from '../../model.ts';
import { parseRules } from '../../read/parse-rule.ts';
import { differencesOf, measuredRules, needsObject } from '../../testing/rule-table.ts';

/** A rule to load, as given and as we read it. */
export interface LoadableRule {
  table: string;
  chain: string;
  given: string;
  rules: Rule[];
}

/**
 * Besides the tables: conditions that nothing or everything meets, values that only some versions hold, and what those
 * lose of them, so that a rule among the differences of the tables stands here when it is to be loaded all the same.
 */
const both: readonly string[] = [
  '',
  '-o + -j DROP',
  '! -o + -j DROP',
  '! -i + ! -o + -g mychain',
  '-p tcp ! --sport : --dport 22 -j DROP',
  '-p tcp ! --sport : ! --dport : -j DROP',
  '-p udp ! --sport : --dport 22 -j DROP',
  '-p tcp ! --dport : --syn -j DROP',
  '-p tcp ! --dport : -j DROP',
  '-p tcp -m tcp --dport 22 -m comment --comment x -m tcp --sport 23 -j ACCEPT',
  '-p udp -m udp --dport 22 -m udp --dport 23 -j ACCEPT',
  '-p tcp -m tcp ! --tcp-flags NONE NONE -j DROP',
  '-p tcp -m tcp --dport 5 ! --tcp-flags NONE NONE -j DROP',
  '-p ah -m ah ! --ahspi 0:4294967295 -j ACCEPT',
  '-m conntrack --ctproto 0 -j ACCEPT',
  '-m conntrack --ctorigsrcport 5:1 -j ACCEPT',
  '-m mac ! --mac-source 02:AA:bb:cc:dd:01',
  '-m recent --set --name "a b" -j ACCEPT',
  '-p tcp -m osf ! --genre "a b" -j ACCEPT',
  '-m string --string x --algo bm --to 0',
  '-m string --string x --algo bm --to 9 --icase',
  '-j NFLOG --nflog-prefix "a b"',
  ...['I_DATA', 'ASCONF_ACK', 'RE_CONFIG', 'PAD', 'FORWARD_TSN', 'ASCONF', 'I_FORWARD_TSN'].map(
    (chunk) => `-p sctp --chunk-types all ${chunk} -j ACCEPT`,
  ),
  ...Array.from({ length: 255 }, (_, index) => `${index % 2 ? '! ' : ''}-p ${index + 1} -j RETURN`),
];

const only: Readonly<Record<Family, readonly string[]>> = {
  ipv4: [
    '-s 10.1.2.3/255.0.255.0 -j DROP',
    '-s 10.1.2.3/255.128.255.0 -j DROP',
    '! -d 10.1.2.3/255.255.0.255 -j DROP',
    '-s 0.1.0.3/0.255.0.255 -j DROP',
    '-p icmp --icmp-type 255/3 -j ACCEPT',
    '-p icmp ! --icmp-type 255/255 -j ACCEPT',
    '-m conntrack ! --ctorigsrc 10.0.0.0/255.0.255.0 -j ACCEPT',
    '-m conntrack --ctorigdst 10.0.1.0/255.0.255.0 --ctreplsrc 10.0.0.0/8 -j ACCEPT',
    '-m policy --dir in --pol ipsec --mode tunnel --tunnel-src 10.0.0.9/255.0.255.0 -j ACCEPT',
    '-p esp ! --espspi : -j ACCEPT',
    '-p ipcomp -m ipcomp ! --ipcompspi 0:4294967295 -j ACCEPT',
    '-p ipcomp -m ipcomp --ipcompspi 0:4294967295 -j ACCEPT',
    '-p ipcomp -m ipcomp --ipcompspi 5:1 -j ACCEPT',
  ],
  ipv6: [
    '-s ffff:0:ffff::/ffff::ffff -j DROP',
    '-s 2001:db8::/ffff:ff:ffff:: -j DROP',
    '-s 2001:db8::/0:0:ffff:: -j DROP',
    '! -s ::/0 -j DROP',
    '-m frag ! --fragid 0:4294967295 -j ACCEPT',
    '-m rt --rt-type 0 ! --rt-segsleft 0:4294967295 -j ACCEPT',
    '-p mh ! --mh-type 0:255 -j ACCEPT',
    '-m conntrack --ctorigsrc 2001:db8::/ffff:0:ffff:: -j ACCEPT',
  ],
};

const ofNat: Readonly<Record<Family, string>> = {
  ipv4: '-p tcp -j DNAT --to-destination 1.2.3.4:80-80/85',
  ipv6: '-p tcp -j DNAT --to-destination [fd00::1]:80-80/85',
};

const host = 'only the host knows its users, sets and counters';

/** Rules that are not loaded, with the reason. */
const leftOut: ReadonlyArray<{ is: (rule: string) => boolean; why: string }> = [
  { is: needsObject, why: host },
  { is: (rule) => rule.includes('nosuchuser'), why: host },
  { is: (rule) => rule.startsWith('-c '), why: 'has counters of its own' },
  {
    is: (rule) => /--limit 1\/d |--hashlimit-\w+ \d\/day/.test(rule),
    why: 'how slow a rate the kernel can hold depends on its clock',
  },
];

/** Every rule of the tables that 1.8.9 takes and on which we agree, and those above. */
export function loadableRules(family: Family): LoadableRule[] {
  const differences = differencesOf(family);
  const measured = measuredRules(family).filter(
    ({ rule, outcome }) => outcome === 'ok' && !differences.has(rule),
  );
  const own = [...both, ...only[family]].map((rule) => ({ table: 'filter', chain: 'INPUT', rule }));
  const forward = own.map((row) => (/-o /.test(row.rule) ? { ...row, chain: 'FORWARD' } : row));
  const nat = { table: 'nat', chain: 'PREROUTING', rule: ofNat[family] };
  return [...measured, ...forward, nat]
    .filter(({ rule }) => !leftOut.some((entry) => entry.is(rule)))
    .flatMap(({ table, chain, rule }) => {
      try {
        const rules = parseRules(rule, { family, oldNegation: false });
        return [{ table, chain, given: rule, rules }];
      } catch (error) {
        // what only the other family has
        if (error instanceof NetfilterError) return [];
        throw error;
      }
    });
}
