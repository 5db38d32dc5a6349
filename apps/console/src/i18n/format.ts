import type { Language } from '../shell/preferences.ts';

const zones: Record<string, string> = { 'Asia/Seoul': 'KST' };

/** Formats by what they are of: to make one takes as long as to use it many times, and every row of a list tells times. */
function kept<Format>(make: (of: string) => Format): (of: string) => Format {
  const formats = new Map<string, Format>();
  return (of) => {
    const known = formats.get(of) ?? make(of);
    formats.set(of, known);
    return known;
  };
}

function part(parts: Intl.DateTimeFormatPart[], type: Intl.DateTimeFormatPartTypes): string {
  return parts.find((candidate) => candidate.type === type)?.value ?? '';
}

// by zone; without a name the browser's own
const clockFormat = kept(
  (timeZone) =>
    new Intl.DateTimeFormat('en-CA', {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
      ...(timeZone ? { timeZone } : {}),
    }),
);

function partsOf(iso: string, timeZone = ''): Intl.DateTimeFormatPart[] {
  return clockFormat(timeZone).formatToParts(new Date(iso));
}

function zoneOf(parts: Intl.DateTimeFormatPart[], timeZone = ''): string {
  const name = clockFormat(timeZone).resolvedOptions().timeZone;
  return zones[name] ?? part(parts, 'timeZoneName');
}

/** `23:13:23 KST`: 24 hours, with the zone. */
export function clockTime(iso: string, timeZone?: string): string {
  const parts = partsOf(iso, timeZone);
  return `${part(parts, 'hour')}:${part(parts, 'minute')}:${part(parts, 'second')} ${zoneOf(parts, timeZone)}`;
}

/** `2026-03-01 23:13:23 KST`. */
export function dateTime(iso: string, timeZone?: string): string {
  const parts = partsOf(iso, timeZone);
  return `${part(parts, 'year')}-${part(parts, 'month')}-${part(parts, 'day')} ${clockTime(iso, timeZone)}`;
}

const agoFormat = kept((language) => new Intl.RelativeTimeFormat(language, { numeric: 'always' }));
const nowFormat = kept((language) => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }));

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

// what is read every few seconds is of now; anything older must not look current
const nowSeconds = 5;

/** How long ago, in the largest unit that fits: `3분 전`, `2 days ago`; below five seconds `지금`, `now`. */
export function ago(iso: string, now: number, language: Language): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  const step = steps.find(([, size]) => seconds >= size);
  if (!step || seconds < nowSeconds) return nowFormat(language).format(0, 'second');
  return agoFormat(language).format(-Math.floor(seconds / step[1]), step[0]);
}

/** Money in its currency's own digits: `₩1,210`, `$0.35`. */
export function amount(value: number, currency: string, language: Language): string {
  return new Intl.NumberFormat(language, { style: 'currency', currency }).format(value);
}

/** A price, with what its currency has no coin for: `₩4.2`, `$0.005`. */
export function price(value: number, currency: string, language: Language): string {
  const options = { style: 'currency', currency, maximumFractionDigits: 6 } as const;
  return new Intl.NumberFormat(language, options).format(value);
}

/** A span without direction: `12일`, `12 days`. */
export function span(iso: string, now: number, language: Language): string {
  const seconds = Math.max(60, (now - Date.parse(iso)) / 1000);
  const [unit, size] = steps.find(([, length]) => seconds >= length) ?? ['minute', 60];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(
    Math.floor(seconds / size),
  );
}

/** Seconds as a clock counts them: `0:42`, `1:30`, from an hour on `1:02:05`. */
export function countText(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}
