import { NetfilterError } from '../../error.ts';
import type { Negatable } from '../../model.ts';
import { flag, type Range } from '../../values/codecs.ts';
import { parseUnsigned } from '../../values/number.ts';
import { type Codec, defineExtension, negatable, plain } from '../spec.ts';

const maxId = 0xfffffffe;

/** `0`, `1000-2000` or a name of the host, which only the host can turn into a number. */
const ids: Codec<Range | string> = {
  words: 1,
  expected: 'id[-id] | name',
  read(first) {
    // 0 on every host
    if (first === 'root') return { from: 0, to: 0 };
    if (/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(first)) return first;
    const dash = first.indexOf('-');
    const from = parseUnsigned(dash < 0 ? first : first.slice(0, dash), maxId);
    const to = dash < 0 ? from : parseUnsigned(first.slice(dash + 1), maxId);
    if (from < 0 || to < 0) throw new NetfilterError('number.invalid', { params: { max: maxId } });
    if (from > to) throw new NetfilterError('range.invalid', { expected: 'low-high' });
    return { from, to };
  },
  print(value) {
    if (typeof value === 'string') return value;
    return value.from === value.to ? String(value.from) : `${value.from}-${value.to}`;
  },
};

const listIds = (label: string, value: Negatable<Range | string> | null): string | null =>
  value && `${value.negated ? '! ' : ''}owner ${label} match ${ids.print(value.value)}`;

/** The process that made the packet: only where packets leave. */
export const owner = defineExtension({
  name: 'owner',
  fields: {
    socketExists: negatable(['--socket-exists'], flag),
    user: negatable(['--uid-owner'], ids),
    group: negatable(['--gid-owner'], ids),
    supplementaryGroups: plain(['--suppl-groups'], flag),
  },
  chains: ['OUTPUT', 'POSTROUTING'],
  finish(match) {
    if (match.supplementaryGroups && match.group === null) {
      throw new NetfilterError('option.required', { expected: '--gid-owner' });
    }
    if (match.socketExists === null && match.user === null && match.group === null) {
      throw new NetfilterError('option.required', {
        expected: '--uid-owner | --gid-owner | --socket-exists',
      });
    }
  },
  list: ({ socketExists, user, group, supplementaryGroups }) =>
    [
      socketExists && `${socketExists.negated ? '! ' : ''}owner socket exists`,
      listIds('UID', user),
      listIds('GID', group),
      supplementaryGroups && 'incl. suppl. groups',
    ]
      .filter(Boolean)
      .join(' '),
});
