import { NetfilterError } from '../../error.ts';
import { flag, integer } from '../../values/codecs.ts';
import { parseUnsigned } from '../../values/number.ts';
import { TCP } from '../../values/protocols.ts';
import { needProtocol } from '../needs.ts';
import { type Codec, defineExtension, plain } from '../spec.ts';

/** What 16 bits leave beside the smallest IP header; zero is taken. */
const maxSegment = { ipv4: 65_515, ipv6: 65_495 };

const segment: Codec<number> = {
  ...integer(maxSegment.ipv4),
  read: (first, second, family) => integer(maxSegment[family]).read(first, second, family),
};

/** Changes the MSS of SYN packets; the kernel demands a rule that takes no others. */
export const tcpmssTarget = defineExtension({
  name: 'TCPMSS',
  fields: {
    clampToPathMtu: plain(['--clamp-mss-to-pmtu'], flag),
    mss: plain(['--set-mss'], segment),
  },
  finish(target, { rule }) {
    if ((target.clampToPathMtu === null) === (target.mss === null)) {
      throw new NetfilterError(target.mss === null ? 'option.required' : 'option.conflict', {
        expected: '--set-mss | --clamp-mss-to-pmtu',
      });
    }
    needProtocol(rule, TCP);
  },
  list: ({ mss }) => (mss === null ? 'TCPMSS clamp to PMTU' : `TCPMSS set ${mss}`),
});

const optionNames: ReadonlyMap<string, number> = new Map([
  ['mss', 2],
  ['wscale', 3],
  ['sack-permitted', 4],
  ['sack', 5],
  ['timestamp', 8],
  ['md5', 19],
]);

const optionList: Codec<number[]> = {
  words: 1,
  expected: 'list of 2-255, mss, wscale, sack-permitted, sack, timestamp, md5',
  read(first) {
    const chosen = first
      .split(',')
      .map((word) => optionNames.get(word.toLowerCase()) ?? parseUnsigned(word, 255));
    if (chosen.some((option) => option < 2))
      throw new NetfilterError('number.invalid', { params: { max: 255 } });
    return [...new Set(chosen)].sort((a, b) => a - b);
  },
  print: (value) => value.join(','),
};

/** Overwrites TCP options so that nobody sees them. */
export const tcpoptstrip = defineExtension({
  name: 'TCPOPTSTRIP',
  fields: { options: plain(['--strip-options'], optionList) },
  tables: ['mangle'],
  finish: (_target, { rule }) => needProtocol(rule, TCP),
  list: ({ options }) => (options ? `TCPOPTSTRIP options ${optionList.print(options)}` : ''),
});

/** Answers SYN packets itself until the handshake is complete. */
export const synproxy = defineExtension({
  name: 'SYNPROXY',
  fields: {
    sackPermitted: plain(['--sack-perm'], flag),
    timestamp: plain(['--timestamp'], flag),
    windowScale: plain(['--wscale'], integer(255)),
    mss: plain(['--mss'], integer(0xffff)),
    ecn: plain(['--ecn'], flag),
  },
  chains: ['INPUT', 'FORWARD'],
  finish: (_target, { rule }) => needProtocol(rule, TCP),
  // the tool ends with a blank
  list: ({ sackPermitted, timestamp, windowScale, mss, ecn }) =>
    `SYNPROXY ${[
      sackPermitted && 'sack-perm ',
      timestamp && 'timestamp ',
      windowScale !== null && `wscale ${windowScale} `,
      mss !== null && `mss ${mss} `,
      ecn && 'ecn ',
    ]
      .filter(Boolean)
      .join('')}`,
});
