import { NetfilterError } from '../../error.ts';
import type { Negatable } from '../../model.ts';
import { flag } from '../../values/codecs.ts';
import { type Codec, defineExtension, negatable, plain } from '../spec.ts';

const lastSecond = 86_399;
/** The kernel's field ends on 2038-01-19. */
const lastDate = 0x7fffffff;
const two = (value: number): string => String(value).padStart(2, '0');

/** Seconds since midnight. */
const clock: Codec<number> = {
  words: 1,
  expected: 'hh:mm[:ss]',
  read(first) {
    const [, hours = '99', minutes = '0', seconds = '0'] =
      /^(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?$/.exec(first) ?? [];
    if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) {
      throw new NetfilterError('option.value', { word: first });
    }
    return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  },
  print: (value) => `${two(Math.floor(value / 3600))}:${two(Math.floor(value / 60) % 60)}:${two(value % 60)}`,
};

/** Seconds since 1970. The 30th of February is the 1st or 2nd of March, as in the tool. */
const date: Codec<number> = {
  words: 1,
  expected: 'YYYY[-MM[-DD[Thh[:mm[:ss]]]]], 1970 to 2038',
  read(first) {
    const parts = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:T(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}))?)?)?)?)?$/.exec(
      first,
    );
    const [year = 0, month = 1, day = 1, hours = 0, minutes = 0, seconds = 0] = (parts ?? [])
      .slice(1)
      .map((part) => (part === undefined ? undefined : Number(part)));
    const value = Date.UTC(year, month - 1, day, hours, minutes, seconds) / 1000;
    const inside =
      month >= 1 && month <= 12 && day >= 1 && day <= 31 && hours < 24 && minutes < 60 && seconds < 60;
    if (!inside || year < 1970 || value > lastDate) throw new NetfilterError('option.value', { word: first });
    return value;
  },
  print: (value) => new Date(value * 1000).toISOString().slice(0, 19),
};

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Days in order, 1 to `count`, each by number or by a name that begins with its first two letters. */
function days(count: number, names: readonly string[]): Codec<number[]> {
  return {
    words: 1,
    expected: names.length > 0 ? `list of ${names.join(', ')}` : `list of 1-${count}`,
    read(first) {
      const chosen = first.split(',').map((word) => {
        const named = word.length < 2 ? -1 : names.findIndex((name) => word.startsWith(name.slice(0, 2)));
        const day = named >= 0 ? named + 1 : /^\d{1,2}$/.test(word) ? Number(word) : 0;
        if (day < 1 || day > count) throw new NetfilterError('choice.unknown', { params: { value: word } });
        return day;
      });
      return [...new Set(chosen)].sort((a, b) => a - b);
    },
    print: (value) => value.map((day) => names[day - 1] ?? String(day)).join(','),
  };
}

const weekdays = days(7, dayNames);
const monthdays = days(31, []);

/** The tool prints the other days instead of a `!`, and nothing for all of them. */
function withoutNegation(held: Negatable<number[]> | null, count: number): Negatable<number[]> | null {
  if (held === null) return null;
  const all = Array.from({ length: count }, (_, index) => index + 1);
  const value = held.negated ? all.filter((day) => !held.value.includes(day)) : held.value;
  if (value.length === 0) throw new NetfilterError('option.value', { expected: 'at least one day' });
  return value.length === count ? null : { negated: false, value };
}

/** `1st`, and `11st` as the tool has it. */
function ordinal(day: number): string {
  const ending = ['th', 'st', 'nd', 'rd'][day % 10 > 3 ? 0 : day % 10];
  return `${day}${ending}`;
}

const listDate = (value: number): string => date.print(value).replace('T', ' ');

/** Time of day, weekdays, days of the month and dates, in UTC unless `kernelZone`. */
export const time = defineExtension({
  name: 'time',
  fields: {
    start: plain(['--timestart'], clock),
    stop: plain(['--timestop'], clock),
    monthdays: negatable(['--monthdays'], monthdays),
    weekdays: negatable(['--weekdays'], weekdays),
    dateStart: plain(['--datestart'], date, { omit: (value) => value === 0 }),
    dateStop: plain(['--datestop'], date, { present: true }),
    kernelZone: plain(['--kerneltz', '--localtz'], flag),
    utc: plain(['--utc'], flag),
    contiguous: plain(['--contiguous'], flag),
  },
  finish(match) {
    if (match.utc && match.kernelZone)
      throw new NetfilterError('option.conflict', { expected: '--utc | --kerneltz' });
    match.utc = null;
    const start = match.start ?? 0;
    const stop = match.stop ?? lastSecond;
    if (match.contiguous && stop >= start) {
      throw new NetfilterError('option.conflict', { expected: '--timestop before --timestart' });
    }
    const wholeDay = start === 0 && stop === lastSecond;
    match.start = wholeDay ? null : start;
    match.stop = wholeDay ? null : stop;
    match.monthdays = withoutNegation(match.monthdays, 31);
    match.weekdays = withoutNegation(match.weekdays, 7);
    match.dateStop ??= lastDate;
  },
  list(match) {
    let out = 'TIME';
    if (match.start !== null)
      out += ` from ${clock.print(match.start)} to ${clock.print(match.stop ?? lastSecond)}`;
    if (match.weekdays) out += ` on ${weekdays.print(match.weekdays.value)}`;
    if (match.monthdays) out += ` on ${match.monthdays.value.map(ordinal).join(',')}`;
    if (match.dateStart) out += ` starting from ${listDate(match.dateStart)}`;
    if (match.dateStop !== lastDate) out += ` until date ${listDate(match.dateStop)}`;
    if (!match.kernelZone) out += ' UTC';
    return match.contiguous ? `${out} contiguous` : out;
  },
});
