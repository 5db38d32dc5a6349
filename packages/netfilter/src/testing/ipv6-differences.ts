import { type Difference, kept, refused } from './difference.ts';

/** Differences that there are in IPv6 only, or that read otherwise there. */
export const ipv6Differences: ReadonlyArray<readonly [rule: string, difference: Difference]> = [
  ...refused('the tool takes the first answer of its list for no word', '-j REJECT --reject-with ""'),
  ...kept('the tool prints the address without its mask', [
    ['-m policy --dir out --pol ipsec --mode tunnel --tunnel-dst fd00::9/ff0f:: -j ACCEPT'],
    ['-m ipvs --vaddr fd00::1/ff0f:: -j ACCEPT'],
    ['-m conntrack --ctorigsrc fd00::1/ff0f:: -j ACCEPT'],
  ]),
  ...refused(
    'the tool drops the base and prints 0 for it, which it does not read',
    '-p tcp -j SNAT --to-source [fd00::1]:80-90/85',
  ),
  ...refused(
    'the tool takes a mask with holes for the whole address',
    '-j NETMAP --to fd00::/f0f0::',
    '-m srh --srh-lsid c::/f0f0:: -j ACCEPT',
  ),
  ...kept(
    'the tool prints a single port before the base, which it does not read; we take that and print the range',
    [
      [
        '-p tcp -j DNAT --to-destination [fd00::1]:80/90',
        '-p tcp -j DNAT --to-destination [fd00::1]:80-80/90',
      ],
    ],
  ),
  ...refused('the tool skips lines of the other family and takes its own', '-4 -j ACCEPT', '-6 -j ACCEPT'),
  ...kept('only since 1.8.11 there is that name', [
    [
      '-p icmpv6 --icmpv6-type mld-listener-query -j ACCEPT',
      '-p ipv6-icmp -m icmp6 --icmpv6-type 130 -j ACCEPT',
    ],
    [
      '-p icmpv6 --icmpv6-type mld-listener-reduction -j ACCEPT',
      '-p ipv6-icmp -m icmp6 --icmpv6-type 132 -j ACCEPT',
    ],
  ]),
  ...refused(
    'the tool takes two that exclude each other and keeps one',
    '-m recent --rcheck --rsource --rdest -j ACCEPT',
    '-m srh --srh-hdr-len-eq 8 --srh-hdr-len-gt 7 -j ACCEPT',
  ),
  ...kept('the tool prints the name without quotes, which does not load again', [
    [
      '-m recent --set --name "a b" -j ACCEPT',
      '-m recent --set --name "a b" --mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff --rsource -j ACCEPT',
    ],
  ]),
  ...refused(
    'the tool drops the upper bits',
    '-p tcp -j TPROXY --on-port 65536',
    '-m dst --dst-opts 256 -j ACCEPT',
    '-m dst --dst-opts 5:256 -j ACCEPT',
    '-m hbh --hbh-opts 256 -j ACCEPT',
    '-m hbh --hbh-opts 5:256 -j ACCEPT',
  ),
  ...kept('the tool prints no condition, which turns the meaning round when it is loaded again', [
    ['-m ah ! --ahspi : -j ACCEPT', '-m ah ! --ahspi 0:4294967295 -j ACCEPT'],
    ['-m frag ! --fragid : -j ACCEPT', '-m frag ! --fragid 0:4294967295 -j ACCEPT'],
    ['-p mh ! --mh-type : -j ACCEPT', '-p mobility-header -m mh ! --mh-type 0:255 -j ACCEPT'],
    ['-m rt ! --rt-segsleft : -j ACCEPT', '-m rt ! --rt-segsleft 0:4294967295 -j ACCEPT'],
  ]),
  ...kept('the tool finds the match by the word behind -p, we by its number', [
    ['-p 135 --mh-type hoti -j ACCEPT', '-p mobility-header -m mh --mh-type 1 -j ACCEPT'],
    ['-p ipv6-mh --mh-type coti -j ACCEPT', '-p mobility-header -m mh --mh-type 2 -j ACCEPT'],
    ['-p mobility-header --mh-type 1 -j ACCEPT', '-p mobility-header -m mh --mh-type 1 -j ACCEPT'],
  ]),
];
