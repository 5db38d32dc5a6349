import { readFileSync } from 'node:fs';

/**
 * Time since boot in hundredths of a second, as /proc/uptime has it: what guard and agent both read, and what no
 * change of the clock moves (T22, F9).
 */
export function uptime(): number {
  const [text = ''] = readFileSync('/proc/uptime', 'utf8').split(' ');
  return Math.round(Number(text) * 100);
}

export function readBootId(file: string): string {
  return readFileSync(file, 'utf8').trim();
}
