/** The last lines of a console, the newest one first (reference/kakaocloud.md C.4). */
export function newestFirst(text: string, lines: number): string {
  const all = text.split('\n').map((line) => line.trimEnd());
  const whole = all.at(-1) === '' ? all.slice(0, -1) : all;
  return whole.slice(-lines).reverse().join('\n');
}
