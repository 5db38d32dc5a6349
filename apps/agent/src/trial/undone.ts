import { createWriteStream } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { NetfilterError, parseRule, ruleText } from '@moru/netfilter';
import { type Family, familySchema, maxUndone, type Undone, undoneSchema } from '@moru/types';
import { escapeControls } from '../firewall/hostile.ts';
import { log, messageOf } from '../log.ts';
import { runProgram } from '../process/start.ts';

/** The old rules wait for it. */
const dumpMs = 2_000;

/**
 * Dumps what runs as `found.FAMILY`, before the old rules are put back; the guard does the same. Where it cannot be
 * had there is no account, and whoever comes after a try that was cut off leaves the first dump as it is.
 */
export async function noteFound(folder: string, saves: ReadonlyMap<Family, string>): Promise<void> {
  const names = await readdir(folder);
  for (const [family, save] of saves) {
    if (names.includes(`found.${family}`)) continue;
    const path = join(folder, 'found.new');
    const file = createWriteStream(path, { mode: 0o600 });
    const written = finished(file);
    written.catch(() => {});
    try {
      const sink = (chunk: Buffer) => void file.write(chunk);
      const { exitCode } = await runProgram(save, [], { timeoutMs: dumpMs, maxBytes: 0, sink });
      file.end();
      await written;
      if (exitCode === 0) await rename(path, join(folder, `found.${family}`));
    } catch (error) {
      file.destroy();
      log.error('what the change is taken back from could not be kept', { family, reason: messageOf(error) });
    }
  }
}

/** Rules and policies of a table's chains, each with how often it stands there. */
type Lines = Map<string, number>;

const count = (lines: Lines, line: string) => lines.set(line, (lines.get(line) ?? 0) + 1);
const timesIn = (lines: Lines, line: string) => lines.get(line) ?? 0;

/** `-A CHAIN …` and `-P CHAIN POLICY` of a dump's table, without counters. */
function linesOf(text: string, table: string, wanted: (chain: string) => boolean): string[] {
  const lines: string[] = [];
  let inside = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) inside = line === `*${table}`;
    if (!inside) continue;
    const rule = line.replace(/^\[\d+:\d+\] /, '');
    const chain = /^(?:-A |:)(\S+)/.exec(rule)?.[1];
    if (chain === undefined || !wanted(chain)) continue;
    if (rule.startsWith('-A ')) lines.push(rule);
    const policy = /^:\S+ (ACCEPT|DROP) /.exec(rule)?.[1];
    if (policy) lines.push(`-P ${chain} ${policy}`);
  }
  return lines;
}

/** The same rule in our own words, in which the sides are written; what cannot be read stays as it is. */
function inOurWords(line: string, family: Family): string {
  const parts = /^-A (\S+)(?: (.*))?$/.exec(line);
  if (!parts?.[1]) return line;
  try {
    return `-A ${parts[1]} ${ruleText(parseRule(parts[2] ?? '', { family }))}`.trimEnd();
  } catch (error) {
    if (error instanceof NetfilterError) return line;
    throw error;
  }
}

interface Sides {
  family: Family;
  table: string;
  /** the way back of the table, which names the chains that it writes anew */
  back: string;
  /** the rules as the change wanted them, and as they were found before they were put back */
  after: string;
  found: string;
}

/**
 * What was found in the chains that the way back writes anew and was there neither before the change nor by it, and
 * what was in both and was not found: the change may have come about in part only.
 */
export function changesOfOthers({ family, table, back, after, found }: Sides): Undone['changes'] {
  const rewritten = new Set(
    [...back.matchAll(/^(?:-F (\S+)|:(\S+) - )/gm)].map(([, one, other]) => one ?? other),
  );
  const hooks = new Set([...back.matchAll(/^:(\S+) (?:ACCEPT|DROP) /gm)].map(([, chain]) => chain));
  const isWanted = (chain: string) => rewritten.has(chain) || hooks.has(chain);
  const [before, changed, now]: [Lines, Lines, Lines] = [new Map(), new Map(), new Map()];
  const counts = (line: string) => line.startsWith('-P') || rewritten.has(line.split(' ')[1] ?? '');
  for (const line of linesOf(back, table, isWanted)) if (counts(line)) count(before, line);
  for (const line of linesOf(after, table, isWanted)) if (counts(line)) count(changed, line);
  for (const line of linesOf(found, table, isWanted)) {
    if (!counts(line)) continue;
    const known = before.has(line) || changed.has(line);
    count(now, known ? line : inOurWords(line, family));
  }
  const changes: Undone['changes'] = [];
  const tell = (kind: Undone['changes'][number]['kind'], line: string, times: number) => {
    const rule = escapeControls(line).slice(0, 1024);
    for (let each = 0; each < times; each++) changes.push({ family, table, kind, rule });
  };
  for (const [line, times] of now) {
    const ours = Math.max(timesIn(before, line), timesIn(changed, line));
    tell(line.startsWith('-P') ? 'policy' : 'added', line, times - ours);
  }
  for (const [line, times] of before) {
    const both = Math.min(times, timesIn(changed, line));
    if (!line.startsWith('-P')) tell('deleted', line, both - timesIn(now, line));
  }
  return changes;
}

/** Compares what the work files of an ended trial say; null where they are gone, or nobody had changed anything. */
async function compare(folder: string): Promise<Undone | null> {
  const names = await readdir(folder);
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  const changes: Undone['changes'] = [];
  for (const family of familySchema.options) {
    if (!names.includes(`found.${family}`) || !names.includes(`after.${family}`)) continue;
    const [after, found] = [await read(`after.${family}`), await read(`found.${family}`)];
    for (const name of names.filter((each) => each.startsWith(`revert.${family}.`))) {
      const table = name.slice(`revert.${family}.`.length);
      changes.push(...changesOfOthers({ family, table, back: await read(name), after, found }));
    }
  }
  if (changes.length === 0) return null;
  const told = changes.slice(0, maxUndone);
  return { changes: told, more: changes.length - told.length };
}

/** What putting the rules back of this trial has undone of others. */
export async function readUndone(folder: string): Promise<{ undone?: Undone }> {
  try {
    const text = await readFile(join(folder, 'undone.json'), 'utf8').catch(() => null);
    const undone = text === null ? await compare(folder) : undoneSchema.parse(JSON.parse(text));
    return undone ? { undone } : {};
  } catch {
    // the folder is being tidied, or its disk failed
    return {};
  }
}

/** Writes it down, before the files that tell it go. */
export async function keepUndone(folder: string): Promise<void> {
  const { undone } = await readUndone(folder);
  if (!undone) return;
  const path = join(folder, 'undone.json');
  try {
    await writeFile(`${path}.new`, JSON.stringify(undone), { mode: 0o600 });
    await rename(`${path}.new`, path);
  } catch (error) {
    await rm(`${path}.new`, { force: true }).catch(() => {});
    log.error('what was undone of others could not be kept', { reason: messageOf(error) });
  }
}
