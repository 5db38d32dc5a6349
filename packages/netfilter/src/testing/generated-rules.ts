import fc from 'fast-check';
import type { Family } from '../model.ts';

/** What a rule may have of each kind; words that only one family has. */
interface Parts {
  sources: string[];
  destinations: string[];
  protocols: string[];
  fragments: string[];
  matches: string[];
}

const parts: Readonly<Record<Family, Parts>> = {
  ipv4: {
    sources: ['-s 10/8', '! -s 192.168.1.77/255.255.255.0', '-s 10.1.2.3/255.0.255.0', '-s 8.8.8.8'],
    destinations: ['-d 172.16.5.5/12', '! -d 1.1.1.1'],
    protocols: ['-p icmp --icmp-type ping'],
    fragments: ['-f', '! -f'],
    matches: [
      '-m addrtype --dst-type LOCAL,BROADCAST',
      '-m iprange --src-range 10.0.0.1-10.0.0.9',
      '-m ttl --ttl-gt 5',
    ],
  },
  ipv6: {
    sources: ['-s fd00::/8', '! -s 2001:DB8:0:0:1::77/64', '-s fd00::1:2/ffff::ffff', '-s ::ffff:1.2.3.4'],
    destinations: ['-d fe80::/10', '! -d 2001:db8::1:0:0:1'],
    protocols: ['-p icmpv6 --icmpv6-type ping', '-p mh --mh-type bu:be'],
    fragments: ['-m frag --fragfirst', '-m frag ! --fragid 5:9 --fraglast'],
    matches: [
      '-m addrtype --dst-type LOCAL,MULTICAST',
      '-m iprange --src-range fd00::1-fd00::9',
      '-m hl --hl-gt 5',
      '-m rt --rt-type 0 --rt-0-addrs ::1,fd00::2',
      '-m dst --dst-opts 5:4,6',
      '-m ipv6header ! --header esp,ah --soft',
    ],
  },
};

/** Rules of many conditions at once, all of which the tool takes. */
export function generatedRules(family: Family): fc.Arbitrary<string> {
  const { sources, destinations, protocols, fragments, matches } = parts[family];
  return fc
    .tuple(
      fc.constantFrom('', ...sources),
      fc.constantFrom('', ...destinations),
      fc.constantFrom('', '-i eth0', '! -i eth+', '-i averylongname15'),
      fc.constantFrom(
        '',
        '-p 47',
        '! -p udp',
        '-p tcp --dport ssh',
        '-p tcp ! --sport 1024: --syn',
        '-p tcp -m multiport --dports http,443,8000:8080',
        '-p udp -m udp --sport 53 ! --dport :1023',
        ...protocols,
      ),
      fc.constantFrom('', ...fragments),
      fc.subarray([
        '-m state --state NEW,INVALID',
        '-m conntrack ! --ctstate ESTABLISHED,RELATED --ctproto tcp',
        '-m limit --limit 90/minute --limit-burst 7',
        `-m comment --comment "it\\'s \\"the\\" one"`,
        '-m mark ! --mark 16/0xff',
        '-m mac --mac-source 02:AA:bb:cc:dd:01',
        '-m bpf --bytecode "2,48 0 0 9,22 0 0 0"',
        ...matches,
      ]),
      fc.constantFrom(
        '',
        '-j ACCEPT',
        '-j DROP',
        '-j REJECT',
        '-j LOG --log-level info --log-prefix "a b"',
        '-g other',
      ),
    )
    .map((words) => words.flat().filter(Boolean).join(' '));
}
