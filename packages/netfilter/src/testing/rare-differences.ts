import { type Difference, kept, refused } from './difference.ts';

/** Differences of the matches and targets that hardly any rule set has, or that this kernel lacks. */
export const rareDifferences: ReadonlyArray<readonly [rule: string, difference: Difference]> = [
  ...kept('the tool prints the operator twice, which it does not read; we take that and print it once', [
    [
      '-m rateest --rateest RE1 --rateest-gt --rateest-bps 8bit --rateest-gt --rateest-pps 5 -j ACCEPT',
      '-m rateest --rateest RE1 --rateest-gt --rateest-bps 8bit --rateest-pps 5 -j ACCEPT',
    ],
    ['-m rateest --rateest RE1 --rateest-gt --rateest-bps 8bit --rateest-pps 5 -j ACCEPT'],
    [
      '-m rateest --rateest-delta --rateest RE1 --rateest-bps1 8bit --rateest-gt --rateest-bps2 8bit --rateest-pps1 5 --rateest-pps2 5 -j ACCEPT',
    ],
    ['-m rateest --rateest1 RE1 --rateest-lt --rateest-bps --rateest-pps --rateest2 RE2 -j ACCEPT'],
    [
      '-m rateest --rateest1 RE1 --rateest-pps1 --rateest-bps1 --rateest-lt --rateest2 RE2 --rateest-pps2 --rateest-bps2 -j ACCEPT',
      '-m rateest --rateest1 RE1 --rateest-lt --rateest-bps --rateest-pps --rateest2 RE2 -j ACCEPT',
    ],
    [
      '-m rateest --rateest-delta --rateest1 RE1 --rateest-bps1 1mbit --rateest-pps1 5 --rateest-gt --rateest-bps2 1mbit --rateest-pps2 6 --rateest2 RE2 -j ACCEPT',
      '-m rateest --rateest-delta --rateest1 RE1 --rateest-bps1 1000Kbit --rateest-gt --rateest-bps2 1000Kbit --rateest-pps1 5 --rateest-pps2 6 --rateest2 RE2 -j ACCEPT',
    ],
    [
      '-m rateest --rateest-delta --rateest1 RE1 --rateest-bps1 1mbit --rateest-pps1 5 --rateest-gt -j ACCEPT',
      '-m rateest --rateest-delta --rateest RE1 --rateest-bps1 1000Kbit --rateest-gt --rateest-bps2 0bit --rateest-pps1 5 --rateest-pps2 0 -j ACCEPT',
    ],
    [
      '-m rateest --rateest1 RE1 --rateest-bps1 1mbit --rateest-pps1 5 --rateest-gt -j ACCEPT',
      '-m rateest --rateest RE1 --rateest-gt --rateest-bps 0bit --rateest-pps 0 -j ACCEPT',
    ],
    [
      '-m rateest --rateest1 RE1 --rateest-gt --rateest-bps1 8bit --rateest-pps2 5 -j ACCEPT',
      '-m rateest --rateest RE1 --rateest-gt --rateest-bps 0bit --rateest-pps 5 -j ACCEPT',
    ],
    [
      '-m rateest --rateest RE1 ! --rateest-gt --rateest-pps 5 --rateest-bps 8000000kbit -j ACCEPT',
      '-m rateest --rateest RE1 ! --rateest-gt --rateest-bps 8000Mbit --rateest-pps 5 -j ACCEPT',
    ],
    [
      '-m rateest --rateest RE1 --rateest-gt --rateest-pps 5 --rateest-bps -j ACCEPT',
      '-m rateest --rateest RE1 --rateest-gt --rateest-bps 0bit --rateest-pps 5 -j ACCEPT',
    ],
    [
      '-m rateest --rateest1 RE1 --rateest2 RE2 ! --rateest-gt --rateest-pps --rateest-bps -j ACCEPT',
      '-m rateest --rateest1 RE1 ! --rateest-gt --rateest-bps --rateest-pps --rateest2 RE2 -j ACCEPT',
    ],
  ]),
  ...refused(
    'the tool stops at the first letter of a number',
    '-m bpf --bytecode "01,06 00 0 0x1" -j ACCEPT',
  ),
  ...refused(
    'the tool drops the upper bits',
    '-m bpf --bytecode "1,6 0 0 4294967296" -j ACCEPT',
    '-m bpf --bytecode "1,65542 0 0 1" -j ACCEPT',
    '-m bpf --bytecode "1,6 256 0 1" -j ACCEPT',
    '-m rateest --rateest1 RE1 --rateest-gt --rateest-bps 1Tibps -j ACCEPT',
    '-m rateest --rateest1 RE1 --rateest-gt --rateest-bps 40gbit -j ACCEPT',
    '-m rateest --rateest RE1 --rateest-gt --rateest-bps 1tbit -j ACCEPT',
    '-m rateest --rateest RE1 --rateest-gt --rateest-bps 1tibit -j ACCEPT',
    '-j RATEEST --rateest-name E22 --rateest-interval 0.25s --rateest-ewmalog 10000s',
    '-p tcp -j SYNPROXY --wscale 256',
    '-j ULOG --ulog-cprange 4294967296',
    '-j ULOG --ulog-cprange 9223372036854775808',
    '-m ipvs --vport 65536 -j ACCEPT',
    '-m ipvs --vportctl 65536 -j ACCEPT',
  ),
  ...refused(
    'the tool does not look at what stands behind the number',
    '-m bpf --bytecode "1,6 0 0 1 5" -j ACCEPT',
    '-m bpf --bytecode "1,6 0 0 1;" -j ACCEPT',
    '-m hashlimit --hashlimit-name ag --hashlimit-above 20/sec --hashlimit-rate-match --hashlimit-rate-interval 2s -j ACCEPT',
    '-m hashlimit --hashlimit-name b1 --hashlimit-above 20/sec --hashlimit-rate-match --hashlimit-rate-interval 2m -j ACCEPT',
    '-m hashlimit --hashlimit-name b2 --hashlimit-above 20/sec --hashlimit-rate-match --hashlimit-rate-interval 2h -j ACCEPT',
    '-m hashlimit --hashlimit-name b3 --hashlimit-above 20/sec --hashlimit-rate-match --hashlimit-rate-interval 2x -j ACCEPT',
  ),
  ...kept('only the host knows whether it is there', [['-m bpf --object-pinned /sys/fs/bpf/none -j ACCEPT']]),
  ...kept(
    'the tool prints a test of any index as none, and reads none as index 0; so both are printed in full',
    [
      [
        '-p ipcomp -m ipcomp --ipcompspi : -j ACCEPT',
        '-p ipcomp -m ipcomp --ipcompspi 0:4294967295 -j ACCEPT',
      ],
      ['-p ipcomp -m ipcomp --ipcompspi 0:4294967295 -j ACCEPT'],
      ['-p ipcomp -m ipcomp -j ACCEPT'],
      ['-p ipcomp -m ipcomp --compres -j ACCEPT'],
    ],
  ),
  ...kept('the tool prints no condition, which turns the meaning round when it is loaded again', [
    [
      '-p ipcomp -m ipcomp ! --ipcompspi : -j ACCEPT',
      '-p ipcomp -m ipcomp ! --ipcompspi 0:4294967295 -j ACCEPT',
    ],
  ]),
  ...refused(
    'the tool takes two that exclude each other and keeps one',
    '-m rateest --rateest1 RE1 --rateest-gt --rateest-lt --rateest-bps1 5 -j ACCEPT',
    '-m rateest --rateest1 RE1 --rateest-gt --rateest-lt --rateest-bps 5 -j ACCEPT',
    '-m rateest --rateest1 RE1 ! --rateest-gt ! --rateest-lt --rateest-pps 5 -j ACCEPT',
    '-j CONNMARK --restore-mark --left-shift-mark 5 --right-shift-mark 6',
    '-j CONNMARK --set-xmark 5 --right-shift-mark 6 --left-shift-mark 3',
  ),
  ...refused(
    'the tool cuts the name',
    '-m rateest --rateest1 xxxxxxxxxxxxxxxx --rateest-gt --rateest-pps1 5 -j ACCEPT',
    '-j RATEEST --rateest-name xxxxxxxxxxxxxxxx --rateest-interval 1s --rateest-ewmalog 2s',
    '-j ULOG --ulog-prefix xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  ),
  ...kept('the tool prints another rate than it has set', [
    [
      '-m rateest --rateest1 RE1 --rateest-gt --rateest-bps 1mibps -j ACCEPT',
      '-m rateest --rateest RE1 --rateest-gt --rateest-bps 8388608bit -j ACCEPT',
    ],
    [
      '-m rateest --rateest1 RE1 --rateest-gt --rateest-bps 1234567bit -j ACCEPT',
      '-m rateest --rateest RE1 --rateest-gt --rateest-bps 1234560bit -j ACCEPT',
    ],
    [
      '-m rateest --rateest1 RE1 --rateest-gt --rateest-bps 12345678bit -j ACCEPT',
      '-m rateest --rateest RE1 --rateest-gt --rateest-bps 12345672bit -j ACCEPT',
    ],
    [
      '-m rateest --rateest1 RE1 --rateest-gt --rateest-bps 34359738360bit -j ACCEPT',
      '-m rateest --rateest RE1 --rateest-gt --rateest-bps 34359738360bit -j ACCEPT',
    ],
    ['-m rateest --rateest RE1 --rateest-gt --rateest-bps 1000000008bit -j ACCEPT'],
    [
      '-m rateest --rateest RE1 --rateest-gt --rateest-bps 1gibit -j ACCEPT',
      '-m rateest --rateest RE1 --rateest-gt --rateest-bps 1073741824bit -j ACCEPT',
    ],
  ]),
  ...refused(
    'the tool sets a slower rate than it prints',
    '-m hashlimit --hashlimit-name r4 --hashlimit-above 20/second --hashlimit-rate-interval 2 -j ACCEPT',
    '-m hashlimit --hashlimit-name a3 --hashlimit-above 20/minute --hashlimit-rate-interval 3 -j ACCEPT',
    '-m hashlimit --hashlimit-name ap --hashlimit-above 512kb/s --hashlimit-rate-interval 10 -j ACCEPT',
  ),
  ...refused(
    'the tool puts the last number into the last byte: 10 is 0.0.0.10',
    '-m conntrack --ctorigsrc 10/8 -j ACCEPT',
    '-m conntrack --ctorigsrc 10.1/16 -j ACCEPT',
    '-m recent --rcheck --mask 255.255.255 -j ACCEPT',
    '-m policy --dir out --pol ipsec --mode tunnel --tunnel-dst 10.0.0.9/24 --tunnel-src 10/8 -j ACCEPT',
    '-m conntrack --ctorigsrc 1.2.3.4/255.255 -j ACCEPT',
    '-j NETMAP --to 10/8',
    '-m ipvs --vaddr 10/8 -j ACCEPT',
  ),
  ...refused(
    'the tool takes a prefix that is too long for the whole address',
    '-m conntrack --ctorigsrc 10.1.2.3/33 -j ACCEPT',
    '-m policy --dir out --pol ipsec --mode tunnel --tunnel-dst 10.0.0.9/33 -j ACCEPT',
    '-j HMARK --hmark-src-prefix 33 --hmark-rnd 1 --hmark-mod 8',
    '-j HMARK --hmark-src-prefix 128 --hmark-rnd 1 --hmark-mod 8',
    '-j HMARK --hmark-src-prefix 129 --hmark-rnd 1 --hmark-mod 8',
    '-m ipvs --vaddr 1.2.3.4/33 -j ACCEPT',
  ),
  ...kept('the tool prints the address without its mask', [
    ['-m policy --dir out --pol ipsec --mode tunnel --tunnel-dst 10.0.0.9/255.0.255.0 -j ACCEPT'],
    ['-m ipvs --vaddr 1.2.3.4/255.255.0.255 -j ACCEPT'],
  ]),
  ...refused('the tool asks the resolver, which we never do', '-m conntrack --ctorigsrc localhost -j ACCEPT'),
  ...refused(
    'the tool takes a mask with holes for the whole address',
    '-m connlimit --connlimit-above 5 --connlimit-mask 255.0.255.0 -j ACCEPT',
    '-j HMARK --hmark-src-prefix 255.0.255.0 --hmark-rnd 1 --hmark-mod 8',
  ),
  ...kept('the tool prints the name without quotes, which does not load again', [
    [
      '-j RATEEST --rateest-name "a b" --rateest-interval 1s --rateest-ewmalog 2s',
      '-j RATEEST --rateest-name "a b" --rateest-interval 1.0s --rateest-ewmalog 2.0s',
    ],
    ['-j SECMARK --selctx "a b"'],
  ]),
  ...refused(
    'the tool prints nothing for the name, which does not load again',
    '-j RATEEST --rateest-name "" --rateest-interval 1s --rateest-ewmalog 2s',
    '-j SECMARK --selctx ""',
  ),
  ...refused('the tool does not look at the !', '-j SET ! --add-set s1 src'),
  ...refused('the tool makes one zone of both', '-j CT --zone-orig 5 --zone-reply mark'),
  ...kept('the kernel (6.18) gives back four bytes of the name, and the tool prints those', [
    ['-p tcp -j CT --timeout slowly'],
  ]),
  ...refused(
    'the tool drops the base and prints 0 for it, which it does not read',
    '-p tcp -j SNAT --to-source 1.2.3.4:80-90/85',
    '-p tcp -j MASQUERADE --to-ports 80-90/85',
  ),
  ...kept(
    'the tool prints a single port before the base, which it does not read; we take that and print the range',
    [
      ['-p tcp -j DNAT --to-destination 1.2.3.4:80/85', '-p tcp -j DNAT --to-destination 1.2.3.4:80-80/85'],
      ['-p tcp -j DNAT --to-destination 1.2.3.4:80-80/85'],
    ],
  ),
  ...kept(
    'the tool prints numbers from half of 32 bits on as below zero, which it does not read; we take those and print what it reads',
    [
      ['-j LED --led-trigger-id ssh --led-delay inf', '-j LED --led-trigger-id "ssh" --led-delay inf'],
      [
        '-j LED --led-trigger-id ssh --led-delay 4294967294',
        '-j LED --led-trigger-id "ssh" --led-delay 4294967294',
      ],
      ['-j LED --led-trigger-id ssh --led-delay 4294967295', '-j LED --led-trigger-id "ssh" --led-delay inf'],
      ['-j LED --led-trigger-id ssh --led-delay -1', '-j LED --led-trigger-id "ssh" --led-delay inf'],
      [
        '-j LED --led-trigger-id ssh --led-always-blink --led-delay inf',
        '-j LED --led-trigger-id "ssh" --led-delay inf --led-always-blink',
      ],
    ],
  ),
];
