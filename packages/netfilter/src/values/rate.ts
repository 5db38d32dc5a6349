import { NetfilterError } from '../error.ts';

/** Seconds of each unit of a rate, the longest first, with the name that is printed. */
const units: ReadonlyArray<readonly [name: string, full: string, seconds: number]> = [
  ['day', 'day', 86_400],
  ['hour', 'hour', 3_600],
  ['min', 'minute', 60],
  ['sec', 'second', 1],
];

/** Time between packets in steps of 1/`scale` s, and the length in seconds of the unit that it is said in. */
export interface Rate {
  period: number;
  seconds: number;
}

/** `5/second`, `10/m`, `3`. `scale` is the number of steps in a second, and so the fastest rate. */
export function readRate(text: string, scale: number): Rate {
  const slash = text.indexOf('/');
  const unit = slash < 0 ? 'second' : text.slice(slash + 1).toLowerCase();
  const seconds = unit === '' ? undefined : units.find(([, full]) => full.startsWith(unit))?.[2];
  const count = Number.parseInt(text, 10);
  if (seconds === undefined || !(count > 0)) throw new NetfilterError('rate.invalid', { word: text });
  if (count > seconds * scale) throw new NetfilterError('rate.tooFast', { word: text });
  return { period: Math.floor((seconds * scale) / count), seconds };
}

/** The longest unit in which the period is nearly a whole number of packets, as the tool chooses it. */
function unitOf(period: number, scale: number): (typeof units)[number] {
  let chosen = units[0] ?? ['sec', 'second', 1];
  for (const unit of units.slice(1)) {
    const steps = unit[2] * scale;
    if (period > steps || Math.floor(steps / period) < steps % period) break;
    chosen = unit;
  }
  return chosen;
}

export function printRate(period: number, scale: number): string {
  const [name, , seconds] = unitOf(period, scale);
  return `${Math.floor((seconds * scale) / period)}/${name}`;
}

/** Length in seconds of the unit in which a period is printed. */
export const printedSeconds = (period: number, scale: number): number => unitOf(period, scale)[2];
