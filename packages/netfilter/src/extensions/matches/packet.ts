import { NetfilterError } from '../../error.ts';
import type { Negatable } from '../../model.ts';
import { choice, integer, nameText, text, wideInteger } from '../../values/codecs.ts';
import { byteLength } from '../../values/quote.ts';
import { type Codec, defineExtension, negatable, plain } from '../spec.ts';

const kinds = ['unicast', 'broadcast', 'multicast', 'otherhost', 'host', 'bcast', 'mcast'] as const;
const kind = choice(kinds);
type Kind = (typeof kinds)[number];
const older: Partial<Record<Kind, Kind>> = { host: 'unicast', bcast: 'broadcast', mcast: 'multicast' };

const packetType: Codec<Kind> = {
  ...kind,
  read(first, second, family) {
    const given = kind.read(first, second, family);
    return older[given] ?? given;
  },
};

/** To whom the frame was sent on its link. */
export const pkttype = defineExtension({
  name: 'pkttype',
  fields: { type: negatable(['--pkt-type'], packetType, { required: true, present: true }) },
  list: ({ type }) => `PKTTYPE ${type.negated ? '!=' : '='} ${type.value}`,
});

/** Matches until so many bytes have passed. A `!` is not listed. */
export const quota = defineExtension({
  name: 'quota',
  fields: { bytes: negatable(['--quota'], wideInteger, { required: true, present: true }) },
  list: (match) => `quota: ${match.bytes.value} bytes`,
});

/** The processor that handles the packet. */
export const cpu = defineExtension({
  name: 'cpu',
  fields: { cpu: negatable(['--cpu'], integer(0xffffffff), { required: true, present: true }) },
  list: ({ cpu: { negated, value } }) => `cpu ${negated ? '! ' : ''}${value}`,
});

/** The kernel's field holds 30 bytes with its terminator. */
const maxHelper = 29;

const helperName: Codec<string> = {
  ...text,
  read(first) {
    if (byteLength(first) > maxHelper)
      throw new NetfilterError('option.value', { params: { max: maxHelper } });
    return first;
  },
};

/** The connection tracking helper that expected the connection; an empty name is any. */
export const helper = defineExtension({
  name: 'helper',
  fields: { helper: negatable(['--helper'], helperName, { required: true, present: true }) },
  list: ({ helper: { negated, value } }) => `helper match ${negated ? '! ' : ''}"${value}"`,
});

/** The class of the sending socket's control group, by number or by path. */
export const cgroup = defineExtension({
  name: 'cgroup',
  fields: {
    path: negatable(['--path'], { ...text, print: (value) => `"${value}"` }),
    classId: negatable(['--cgroup'], integer(0xffffffff)),
  },
  chains: ['INPUT', 'OUTPUT', 'POSTROUTING'],
  finish({ path, classId }) {
    if ((path === null) === (classId === null)) {
      throw new NetfilterError(path ? 'option.conflict' : 'option.required', {
        expected: '--path | --cgroup',
      });
    }
    if (path && /["\\\n]/.test(path.value))
      throw new NetfilterError('option.value', { expected: 'plain path' });
  },
  list({ path, classId }) {
    const held: Negatable<string | number> | null = path ?? classId;
    return `cgroup ${held?.negated ? '! ' : ''}${held?.value ?? ''}`;
  },
});

/** A counter of the kernel by name; it must exist. The tool prints two blanks before the name. */
export const nfacct = defineExtension({
  name: 'nfacct',
  fields: {
    counter: plain(
      ['--nfacct-name'],
      { ...nameText(31), print: (value) => ` ${text.print(value)}` },
      { required: true, present: true },
    ),
  },
  list: ({ counter }) => `nfacct-name  ${text.print(counter)}`,
});
