import { NetfilterError } from '../error.ts';
import { byteLength } from './quote.ts';

/** The kernel's field holds 16 bytes with its terminator; the tool cuts longer names. */
const maxName = 15;

export function checkEstimatorName(name: string): string {
  if (name === '' || byteLength(name) > maxName) {
    throw new NetfilterError('option.value', { word: name, params: { max: maxName } });
  }
  return name;
}

const second = 1_000_000;
const units: Readonly<Record<string, number>> = { s: second, ms: second / 1000, us: 1, '': 1 };

/** `250ms`, `0.5sec`, `1s`, in µs; a number alone is in µs too. */
export function readDuration(text: string): number {
  const [, digits, unit = ''] = /^(\d+\.?\d*(?:e\+?\d+)?|\.\d+)(?:(s|ms|us)(?:ecs?)?)?$/i.exec(text) ?? [];
  const micros = digits === undefined ? -1 : Math.trunc(Number(digits) * (units[unit.toLowerCase()] ?? 1));
  // above, the tool drops the upper bits
  if (micros < 0 || micros > 0xffffffff) throw new NetfilterError('number.invalid', { word: text });
  return micros;
}

/** In seconds or milliseconds with one place. */
export function printDuration(micros: number): string {
  if (micros >= second) return `${(micros / second).toFixed(1)}s`;
  return micros >= second / 1000 ? `${(micros / (second / 1000)).toFixed(1)}ms` : `${micros}us`;
}

/** Shortest and longest interval that the kernel measures in; each is double the one before. */
const shortest = second / 4;
const longest = second * 8;

/**
 * The kernel's settings for what was asked for: the next longer interval, and the longest time of averaging (the
 * interval times a power of two) that is not beyond the wanted one. Throws `number.invalid` where there is none.
 */
export function estimatorSettings(
  interval: number,
  averaging: number,
): { interval: number; averaging: number } {
  if (interval > longest) throw new NetfilterError('number.invalid', { params: { max: longest / second } });
  let real = shortest;
  while (real < interval) real *= 2;
  let log = 1;
  while (log < 32 && interval / -Math.log(1 - 1 / 2 ** log) <= averaging) log++;
  log--;
  const time = real * 2 ** log;
  // above 32 bits the tool prints what is left of it
  if (log === 0 || log >= 31 || time > 0xffffffff) throw new NetfilterError('number.invalid');
  return { interval: real, averaging: time };
}
