/** One value of a YAML file with the keys that lead to it; `#0` is the first of a list. */
export interface YamlValue {
  path: string[];
  value: string;
  /** from 1 */
  line: number;
}

const unquote = (text: string) => /^(["'])(.*)\1$/.exec(text.trim())?.[2] ?? text.trim();

/** Up to a ` #` that no quote holds. */
function withoutComment(line: string): string {
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '#' && (at === 0 || /\s/.test(line[at - 1] ?? '')))
      return line.slice(0, at).trimEnd();
  }
  return line.trimEnd();
}

/** The parts of a flow collection on one line, split at its own commas; null where it is not closed. */
function parts(text: string): string[] | null {
  const found: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if ('[{'.includes(character)) depth++;
    else if (']}'.includes(character)) depth--;
    else if (character === ',' && depth === 0) {
      found.push(text.slice(from, at));
      from = at + 1;
    }
  }
  if (depth !== 0 || quote !== '') return null;
  if (text.slice(from).trim() !== '') found.push(text.slice(from));
  return found;
}

/** `key: value`, the key quoted or not; null for anything else. */
function keyed(text: string): { key: string; value: string } | null {
  const match = /^\s*("[^"]*"|'[^']*'|[^\s"'[\]{}#&*!|>%@,][^"'[\]{}#]*?)\s*:(?:\s+(.*))?$/.exec(text);
  return match?.[1] === undefined ? null : { key: unquote(match[1]), value: (match[2] ?? '').trim() };
}

function expand(value: string, path: string[], line: number): YamlValue[] | null {
  const flow = /^([[{])(.*)([\]}])$/.exec(value);
  if (!flow) return /^[[{&*|>!]/.test(value) ? null : [{ path, value: unquote(value), line }];
  const items = parts(flow[2] ?? '');
  if (!items || (flow[1] === '[') !== (flow[3] === ']')) return null;
  const values: YamlValue[] = [];
  for (const [index, item] of items.entries()) {
    const pair = flow[1] === '{' ? keyed(item) : null;
    if (flow[1] === '{' && !pair) return null;
    const below = pair
      ? expand(pair.value, [...path, pair.key], line)
      : expand(item.trim(), [...path, `#${index}`], line);
    if (!below) return null;
    values.push(...below);
  }
  return values;
}

/**
 * Where values stand in a YAML file of the kind that netplan's files are: maps and lists in block form, flow
 * collections of one line. Null for what goes beyond (anchors, block scalars, flow over several lines, tabs): such a
 * file is for a person. It only finds lines; what a configuration means is asked of netplan itself.
 */
export function scanYaml(text: string): YamlValue[] | null {
  const values: YamlValue[] = [];
  /** keys above, each with its column */
  let open: { column: number; key: string }[] = [];
  const lists = new Map<string, number>();
  for (const [index, raw] of text.split('\n').entries()) {
    let line = withoutComment(raw);
    if (line.trim() === '' || (line === '---' && values.length === 0)) continue;
    if (line.includes('\t')) return null;
    let column = line.length - line.trimStart().length;
    line = line.trim();
    open = open.filter((key) => key.column < column || (key.column === column && isItem(key.key, line)));
    while (/^-(?:\s|$)/.test(line)) {
      open = open.filter((key) => key.column < column || (key.column === column && !key.key.startsWith('#')));
      const list = open.map(({ key }) => key).join('/');
      const number = lists.get(list) ?? 0;
      lists.set(list, number + 1);
      open.push({ column, key: `#${number}` });
      const rest = line.slice(1).trimStart();
      column += line.length - rest.length;
      line = rest;
    }
    if (line === '') continue;
    const path = open.map(({ key }) => key);
    const pair = keyed(line);
    if (!pair) {
      const plain = expand(line, path, index + 1);
      if (!plain) return null;
      values.push(...plain);
      continue;
    }
    open.push({ column, key: pair.key });
    if (pair.value === '') continue;
    const below = expand(pair.value, [...path, pair.key], index + 1);
    if (!below) return null;
    values.push(...below);
  }
  return values;
}

/** A list may stand in the column of its key: `routes:` and below it, not indented, `- to: …`. */
const isItem = (key: string, line: string) => /^-(?:\s|$)/.test(line) && !key.startsWith('#');
