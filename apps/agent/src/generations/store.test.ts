import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepGeneration, keptGenerations, listGenerations, readGeneration } from './store.ts';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'moru-generations-'));
});
afterEach(() => rm(state, { recursive: true }));

const facts = (trial: string, saved: 'ipv4'[] = []) => ({
  at: '2026-01-01T00:00:00.000Z',
  author: 'kim',
  note: '',
  reason: 'trial' as const,
  trial,
  revisions: {},
  saved,
  rules: { ipv4: `# ${trial}\n` },
  routes: null,
});

it('numbers go up, the same trial is kept once, what is half written is none', async () => {
  expect(await listGenerations(state)).toEqual([]);
  expect((await keepGeneration(state, facts('a'))).number).toBe(1);
  await mkdir(join(state, 'generations/new'));
  await writeFile(join(state, 'generations/new/meta.json'), '{');
  expect((await keepGeneration(state, facts('b'))).number).toBe(2);
  expect((await keepGeneration(state, facts('a'))).number).toBe(1);
  expect((await listGenerations(state)).map(({ trial }) => trial)).toEqual(['b', 'a']);
  expect((await readGeneration(state, 2)).rules).toEqual({ ipv4: '# b\n' });
  await expect(readGeneration(state, 3)).rejects.toMatchObject({ problem: { code: 'generation.notFound' } });
});

it('one that is damaged is passed over, and its number is not given again', async () => {
  await keepGeneration(state, facts('a'));
  await writeFile(join(state, 'generations/1/meta.json'), '');
  expect(await listGenerations(state)).toEqual([]);
  expect((await keepGeneration(state, facts('b'))).number).toBe(2);
});

it('keeps the last 50, and of the saved ones three whatever their age', async () => {
  for (let i = 1; i <= 5; i++) await keepGeneration(state, facts(`saved ${i}`, ['ipv4']));
  for (let i = 0; i < keptGenerations; i++) await keepGeneration(state, facts(`${i}`));
  const names = (await readdir(join(state, 'generations'))).map(Number).sort((a, b) => a - b);
  expect(names.slice(0, 4)).toEqual([3, 4, 5, 6]);
  expect(names).toHaveLength(keptGenerations + 3);
});
