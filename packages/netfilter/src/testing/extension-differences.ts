import type { Difference } from './difference.ts';

const flipped = 'the tool prints no condition, which turns the meaning round when it is loaded again';
const bareBlank = 'the tool prints the name without quotes, which does not load again';
const both = 'the tool takes two that exclude each other and keeps one';
const cut = 'the tool drops the upper bits';
const emptyList = 'the tool prints an empty list, which does not load again';
const slowKernel = 'too slow for the clock of this kernel, taken by others';

/** Differences of the matches and targets that few rule sets have. */
export const extensionDifferences: ReadonlyArray<readonly [rule: string, difference: Difference]> = [
  ['-p ah ! --ahspi : -j ACCEPT', { ours: '-p ah -m ah ! --ahspi 0:4294967295 -j ACCEPT', why: flipped }],
  [
    '-p esp ! --espspi : -j ACCEPT',
    { ours: '-p esp -m esp ! --espspi 0:4294967295 -j ACCEPT', why: flipped },
  ],
  [
    '-m owner --uid-owner nosuchuser -j ACCEPT',
    { ours: '-m owner --uid-owner nosuchuser -j ACCEPT', why: 'only the host knows its users' },
  ],
  [
    '-m hashlimit --hashlimit-name n --hashlimit-upto 3/day -j ACCEPT',
    {
      ours: '-m hashlimit --hashlimit-upto 3/day --hashlimit-burst 5 --hashlimit-name n -j ACCEPT',
      why: slowKernel,
    },
  ],
  [
    '-m hashlimit --hashlimit-name n --hashlimit-above 4gb/s -j ACCEPT',
    { ours: null, why: 'the tool reads four bytes a second' },
  ],
  [
    '-m hashlimit --hashlimit-name n --hashlimit-upto 5b/s -j ACCEPT',
    { ours: null, why: 'the tool makes 0b/s of it, which it does not read' },
  ],
  [
    '-m connlimit --connlimit-above 5 --connlimit-mask 33 -j ACCEPT',
    { ours: null, why: 'the tool takes it for 32' },
  ],
  ['-m recent --rcheck --mask 24 -j ACCEPT', { ours: null, why: 'the tool takes it for 0.0.0.24' }],
  ['-m recent --rcheck --rsource --rdest -j ACCEPT', { ours: null, why: both }],
  [
    '-m recent --set --name "a b" -j ACCEPT',
    { ours: '-m recent --set --name "a b" --mask 255.255.255.255 --rsource -j ACCEPT', why: bareBlank },
  ],
  ['-m time --weekdays 8 -j ACCEPT', { ours: null, why: emptyList }],
  ['-m time --monthdays 0 -j ACCEPT', { ours: null, why: emptyList }],
  ['-m policy --dir in --pol none --proto esp -j ACCEPT', { ours: null, why: 'the tool drops the protocol' }],
  [
    '-p tcp -m osf --genre "a b" -j ACCEPT',
    { ours: '-p tcp -m osf --genre "a b" -j ACCEPT', why: bareBlank },
  ],
  ['-j NETMAP --to 10.2.0.0/255.0.255.0', { ours: null, why: 'the tool takes it for /32' }],
  ['-p tcp --syn -j TCPMSS --set-mss 5 --clamp-mss-to-pmtu', { ours: null, why: both }],
  ['-j CLASSIFY --set-class 10000:1', { ours: null, why: cut }],
  ['-p tcp -j TPROXY --on-port 65536', { ours: null, why: cut }],
  ['-p tcp -j SYNPROXY --mss 65536', { ours: null, why: cut }],
  ['-j CT --zone 5 --zone-orig 6', { ours: null, why: both }],
  ['-j CT --zone-orig 5 --zone-reply 6', { ours: null, why: 'the tool makes one zone of both' }],
  [
    '-j IDLETIMER --timeout 5 --label "a b"',
    { ours: '-j IDLETIMER --timeout 5 --label "a b"', why: bareBlank },
  ],
  ['-j IDLETIMER --timeout 5 --label xxxxxxxxxxxxxxxxxxxxxxxxxxxx', { ours: null, why: 'the tool cuts it' }],
  [
    '-j NFLOG --nflog-prefix xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    {
      ours: '-j NFLOG --nflog-prefix xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
      why: 'legacy cuts it at 63 bytes, nft keeps 127',
    },
  ],
  [
    '-m cluster --cluster-total-nodes 32 --cluster-local-node 32 --cluster-hash-seed 0 -j ACCEPT',
    {
      ours:
        '-m cluster --cluster-local-nodemask 0x80000000 --cluster-total-nodes 32 --cluster-hash-seed 0x00000000 ' +
        '-j ACCEPT',
      why: 'the same as the tool prints, which it does not read again: it takes masks up to 32 only',
    },
  ],
];
