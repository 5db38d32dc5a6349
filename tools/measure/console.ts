import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Figure } from './figures.ts';

const dist = fileURLToPath(new URL('../../apps/console/dist', import.meta.url));
const script = fileURLToPath(new URL('../../packages/flows/src/bench/console.ts', import.meta.url));

interface Waits {
  firstRowMs: number;
  coldMs: number;
  warmMs: number;
  menuP95Ms: number;
  menuPressP95Ms: number;
  firstMenuMs: number;
  filterP95Ms: number;
  worstFrameMs: number;
}

/** Few and many instances: visits of both take turns in one run, so that the machine's moods cancel out of their ratio. */
const sizes = [10, 10_000];

// several figures come from one run of the browser
const measured = new Map<number, Record<string, Waits>>();

function waits(instances: number, runs: number): Waits {
  const known = measured.get(runs) ?? measure(runs);
  measured.set(runs, known);
  const found = known[instances];
  if (!found) throw new TypeError(`nothing was measured before ${instances} instances`);
  return found;
}

function measure(runs: number): Record<string, Waits> {
  const output = execFileSync(process.execPath, [script, ...[runs, ...sizes].map(String)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output) as Record<string, Waits>;
}

/** What the instance list fetches first: the files that the built page names, and the words of one language. */
function firstFiles(): string[] {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path ?? '');
  const words = readdirSync(join(dist, 'assets')).filter((name) => /^ko-[^.]+\.js$/.test(name));
  return [...new Set([...named, ...words.map((name) => `assets/${name}`)])];
}

const kilobytes = (paths: readonly string[]) =>
  paths.reduce((sum, path) => sum + gzipSync(readFileSync(join(dist, path))).length, 0) / 1000;

const styles = () => readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.css'));

const still = (name: string, unit: string, limit: number, value: () => number): Figure => ({
  ...{ name, unit, limit },
  runs: 1,
  measure: async () => value(),
});

const waited = (name: string, limit: number, instances: number, of: keyof Waits): Figure => ({
  ...{ name, limit },
  unit: 'ms',
  runs: 5,
  measure: async (runs) => waits(instances, runs)[of],
});

/** How much longer something takes before 10,000 instances than before 10. */
const ratio = (name: string, of: keyof Waits): Figure => ({
  ...{ name, unit: 'ratio', limit: 1.5 },
  runs: 5,
  measure: async (runs) => waits(10_000, runs)[of] / waits(10, runs)[of],
});

/** Bytes of the built console, and what a person waits for before few and before many instances. */
export const consoleFigures: Figure[] = [
  still('console.list.jsKB', 'kB', 215, () => kilobytes(firstFiles())),
  still('console.list.jsFiles', 'files', 15, () => firstFiles().length),
  still('console.list.cssKB', 'kB', 15, () => kilobytes(styles().map((name) => `assets/${name}`))),
  waited('console.list10.firstRowMs', 1_500, 10, 'firstRowMs'),
  waited('console.list10k.firstRowMs', 2_250, 10_000, 'firstRowMs'),
  ratio('console.list.firstRowRatio', 'firstRowMs'),
  waited('console.list10k.coldMs', 1_500, 10_000, 'coldMs'),
  ratio('console.list.coldRatio', 'coldMs'),
  waited('console.list10k.warmMs', 1_000, 10_000, 'warmMs'),
  ratio('console.list.warmRatio', 'warmMs'),
  waited('console.menu10.p95Ms', 50, 10, 'menuP95Ms'),
  waited('console.menu.p95Ms', 50, 10_000, 'menuP95Ms'),
  // a click is a press of 60 ms here, and the menu opens at the press
  waited('console.menu.pressP95Ms', 150, 10_000, 'menuPressP95Ms'),
  // its code was fetched when the pointer came near, and is run for the first time
  waited('console.menu.firstMs', 100, 10_000, 'firstMenuMs'),
  ratio('console.menu.ratio', 'menuP95Ms'),
  waited('console.filter10.p95Ms', 100, 10, 'filterP95Ms'),
  waited('console.filter10k.p95Ms', 100, 10_000, 'filterP95Ms'),
  ratio('console.filter.ratio', 'filterP95Ms'),
  waited('console.scroll10k.worstFrameMs', 50, 10_000, 'worstFrameMs'),
];
