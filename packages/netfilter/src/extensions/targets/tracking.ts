import { NetfilterError } from '../../error.ts';
import { choiceList, flag, integer, nameText } from '../../values/codecs.ts';
import { setLookup } from '../../values/ip-set.ts';
import { parseUnsigned } from '../../values/number.ts';
import { type Codec, defineExtension, plain } from '../spec.ts';

/** A zone of connection tracking for both directions or one; `mark` takes the packet's mark for its number. */
export interface Zone {
  direction: 'both' | 'orig' | 'reply';
  id: number | 'mark';
}

const zone = (direction: Zone['direction']): Codec<Zone> => ({
  words: 1,
  expected: '0-65535 | mark',
  read(first) {
    if (first.toLowerCase() === 'mark') return { direction, id: 'mark' };
    const id = parseUnsigned(first, 0xffff);
    if (id < 0) throw new NetfilterError('number.invalid', { params: { max: 0xffff } });
    return { direction, id };
  },
  print: (value) => String(value.id),
});

const zoneOption = ({ direction }: Zone): string => (direction === 'both' ? '--zone' : `--zone-${direction}`);

const events = choiceList(
  ['new', 'related', 'destroy', 'reply', 'assured', 'protoinfo', 'helper', 'mark', 'natseqinfo', 'secmark'],
  'exact',
);

/** How the connection of the packet is to be tracked, before tracking begins. */
export const ct = defineExtension({
  name: 'CT',
  fields: {
    noTrack: plain(['--notrack'], flag),
    helper: plain(['--helper'], nameText(15)),
    timeout: plain(['--timeout'], nameText(31)),
    events: plain(['--ctevents'], events),
    expectationEvents: plain(['--expevents'], choiceList(['new'], 'exact')),
    zone: plain(['--zone'], zone('both'), {
      omit: (value) => value.id === 0,
      aliases: [
        { names: ['--zone-orig'], codec: zone('orig') },
        { names: ['--zone-reply'], codec: zone('reply') },
      ],
      named: zoneOption,
    }),
  },
  tables: ['raw'],
  finish(target, { rule }) {
    const needsProtocol = !target.noTrack && (target.helper !== null || target.timeout !== null);
    if (needsProtocol && (rule.protocol === null || rule.protocol.negated)) {
      throw new NetfilterError('protocol.needed', { field: 'protocol', expected: '-p protocol' });
    }
  },
  list(target) {
    let out = 'CT';
    if (target.noTrack) out += ' notrack';
    if (target.helper !== null) out += ` helper ${target.helper}`;
    if (target.timeout !== null) out += ` timeout ${target.timeout}`;
    if (target.events) out += ` ctevents ${events.print(target.events)}`;
    if (target.expectationEvents) out += ' expevents new';
    if (target.zone && target.zone.id !== 0) out += ` ${zoneOption(target.zone).slice(2)} ${target.zone.id}`;
    return out;
  },
});

/** The older spelling of `CT --notrack`. */
export const notrack = defineExtension({
  name: 'NOTRACK',
  listedName: 'CT',
  fields: {},
  tables: ['raw'],
  list: () => 'NOTRACK',
});

/** Adds the packet's addresses or ports to a set, takes them out, or lets the set mark the packet. */
export const setTarget = defineExtension({
  name: 'SET',
  fields: {
    add: plain(['--add-set'], setLookup),
    exist: plain(['--exist'], flag),
    /** in seconds */
    timeout: plain(['--timeout'], integer(0xfffffffe)),
    remove: plain(['--del-set'], setLookup),
    map: plain(['--map-set'], setLookup),
    mapMark: plain(['--map-mark'], flag),
    mapPriority: plain(['--map-prio'], flag),
    mapQueue: plain(['--map-queue'], flag),
  },
  finish(target) {
    if (target.add === null && target.remove === null && target.map === null) {
      throw new NetfilterError('option.required', { expected: '--add-set | --del-set | --map-set' });
    }
    if (target.add === null && (target.exist || target.timeout !== null)) {
      throw new NetfilterError('option.required', { expected: '--add-set' });
    }
    const mapped = target.mapMark || target.mapPriority || target.mapQueue;
    if (Boolean(mapped) !== (target.map !== null)) {
      throw new NetfilterError('option.required', { expected: mapped ? '--map-set' : '--map-mark | …' });
    }
  },
  places({ map, mapPriority, mapQueue }) {
    if (map === null) return {};
    // there is no queue of an interface yet where packets come in
    const chains = mapPriority || mapQueue ? ['FORWARD', 'OUTPUT', 'POSTROUTING'] : null;
    return { tables: ['mangle'], chains };
  },
  list: (target) =>
    [
      target.add && `add-set ${setLookup.print(target.add)}`,
      target.exist && 'exist',
      target.timeout !== null && `timeout ${target.timeout}`,
      target.remove && `del-set ${setLookup.print(target.remove)}`,
      target.map && `map-set ${setLookup.print(target.map)}`,
      target.mapMark && 'map-mark',
      target.mapPriority && 'map-prio',
      target.mapQueue && 'map-queue',
    ]
      .filter(Boolean)
      .join(' '),
});

/** The kernel counts in milliseconds, in 31 bits. */
const maxIdle = 2_147_482;

/** Counts down while no packet comes and tells user space at the end. */
export const idletimer = defineExtension({
  name: 'IDLETIMER',
  fields: {
    /** in seconds */
    timeout: plain(['--timeout'], integer(maxIdle, 1), { required: true, present: true }),
    label: plain(['--label'], nameText(27), { required: true, present: true }),
    /** counts on while the machine sleeps */
    alarm: plain(['--alarm'], flag),
  },
  list: ({ timeout, label, alarm }) => `timeout:${timeout} label:${label}${alarm ? ' alarm' : ''}`,
});
