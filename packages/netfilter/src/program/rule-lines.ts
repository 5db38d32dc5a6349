/**
 * On which line each rule of a rule file stands, from 1, by `TABLE CHAIN INDEX` (index from 0). Only for files whose
 * rules are appended, as `iptables-save` writes them.
 */
export function ruleLines(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  const counts = new Map<string, number>();
  let table = 'filter';
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const chain = /^(?:\[\d+:\d+\] )?(?:-A|--append)[ \t]+(\S+)/.exec(line)?.[1];
    if (chain === undefined) continue;
    const place = `${table} ${chain}`;
    const count = counts.get(place) ?? 0;
    counts.set(place, count + 1);
    lines.set(`${place} ${count}`, index + 1);
  }
  return lines;
}
