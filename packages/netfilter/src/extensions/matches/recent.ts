import { NetfilterError } from '../../error.ts';
import { normalizeHost } from '../../values/address.ts';
import { flag, integer, nameText } from '../../values/codecs.ts';
import { type Codec, defineExtension, negatable, plain } from '../spec.ts';

const actions = { set: 'SET', rcheck: 'CHECK', update: 'UPDATE', remove: 'REMOVE' } as const;
type Action = keyof typeof actions;

const action = <T extends string>(value: T) => ({
  words: 0 as const,
  expected: 'no value',
  read: () => value,
});

const hostMask: Codec<string> = {
  words: 1,
  expected: 'a.b.c.d',
  read(first, _second, family) {
    // the tool takes a number for the last octet of a mask, which nobody means
    if (/^\d+$/.test(first)) throw new NetfilterError('address.mask');
    return normalizeHost(first, family);
  },
  print: (value) => value,
};

/** A list of addresses that were seen lately, kept by the kernel under a name. */
export const recent = defineExtension({
  name: 'recent',
  fields: {
    action: negatable(['--set'], { ...action<Action>('set'), print: () => '' } satisfies Codec<Action>, {
      required: true,
      present: true,
      aliases: (['rcheck', 'update', 'remove'] as const).map((name) => ({
        names: [`--${name}`],
        codec: action<Action>(name),
      })),
      named: (value) => `--${value}`,
    }),
    seconds: plain(['--seconds'], integer(0xffffffff, 1)),
    reap: plain(['--reap'], flag),
    hitCount: plain(['--hitcount'], integer(0xffff), { omit: (value) => value === 0 }),
    sameTtl: plain(['--rttl'], flag),
    list: plain(['--name'], nameText(199), { present: true }),
    mask: plain(['--mask'], hostMask, { present: true }),
    side: plain(
      ['--rsource'],
      { ...action<'source' | 'destination'>('source'), print: () => '' },
      {
        present: true,
        aliases: [{ names: ['--rdest'], codec: action<'source' | 'destination'>('destination') }],
        named: (value) => (value === 'source' ? '--rsource' : '--rdest'),
      },
    ),
  },
  finish(match, { family }) {
    match.list ??= 'DEFAULT';
    match.mask ??= family === 'ipv4' ? '255.255.255.255' : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';
    match.side ??= 'source';
    const looks = match.action.value === 'rcheck' || match.action.value === 'update';
    if (!looks && (match.seconds !== null || match.hitCount || match.sameTtl)) {
      throw new NetfilterError('option.conflict', { expected: '--rcheck | --update' });
    }
    if (match.reap && match.seconds === null)
      throw new NetfilterError('option.required', { expected: '--seconds' });
    if (match.list.includes('/')) throw new NetfilterError('option.value', { expected: 'a name without /' });
  },
  list(match) {
    let out = `${match.action.negated ? '! ' : ''}recent: ${actions[match.action.value]}`;
    if (match.seconds !== null) out += ` seconds: ${match.seconds}`;
    if (match.reap) out += ' reap';
    if (match.hitCount) out += ` hit_count: ${match.hitCount}`;
    if (match.sameTtl) out += ' TTL-Match';
    return `${out} name: ${match.list} side: ${match.side === 'source' ? 'source' : 'dest'} mask: ${match.mask}`;
  },
});
