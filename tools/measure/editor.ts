import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figures.ts';

interface Times {
  open: number;
  key: number;
  drag: number;
  review: number;
  apply: number;
  memory: number;
}

let measured: { runs: number; times: Times } | null = null;

/** One browser and one host for all of them: what it takes to start those is not what is measured. */
function times(runs: number): Times {
  if (measured?.runs === runs) return measured.times;
  const script = fileURLToPath(new URL('../../packages/flows/src/bench/editor.ts', import.meta.url));
  const output = execFileSync(process.execPath, [script, String(runs)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 600_000,
  });
  measured = { runs, times: JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') };
  return measured.times;
}

const figure = (name: string, unit: string, limit: number, key: keyof Times): Figure => ({
  ...{ name: `editor.${name}`, unit, limit, runs: 5 },
  measure: async (runs) => times(runs)[key],
});

/** The rule editor with 10,000 rules (issue of the rule editor, "Must hold"). */
export const editorFigures: Figure[] = [
  figure('open10k.ms', 'ms', 1_000, 'open'),
  figure('key10k.p95Ms', 'ms', 50, 'key'),
  figure('drag10k.worstFrameMs', 'ms', 50, 'drag'),
  figure('review100.ms', 'ms', 500, 'review'),
  figure('apply10k.ms', 'ms', 2_000, 'apply'),
  figure('memory10k.MB', 'MB', 200, 'memory'),
];
