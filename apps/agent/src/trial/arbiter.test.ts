import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { advance, arm, claim, close, entryPath, findPending, listEntries, type Pending } from './arbiter.ts';

let trials: string;
beforeEach(async () => {
  trials = await mkdtemp(join(tmpdir(), 'moru-arbiter-'));
});
afterEach(() => rm(trials, { recursive: true }));

const pendingOf = (id: string): Pending => ({ state: 'pending', id, phase: 'armed', deadline: 1000 });
async function prepared(id: string): Promise<Pending> {
  const pending = pendingOf(id);
  await mkdir(join(trials, `armed-${id}`, entryPath(pending).replace('pending/', '')), { recursive: true });
  return pending;
}

it('takes one trial at a time, and the next when the end of that is decided', async () => {
  const [first, second] = [await prepared('aa'), await prepared('bb')];
  expect(await findPending(trials)).toBeNull();
  expect(await Promise.all([arm(trials, 'aa'), arm(trials, 'aa')])).toContain(true);
  expect(await arm(trials, 'bb')).toBe(false);
  expect(await findPending(trials)).toEqual(first);
  expect(await claim(trials, second, 'confirmed')).toBeNull();
  expect(await claim(trials, first, 'confirmed')).toEqual({ state: 'confirmed', id: 'aa', reason: null });
  expect(await arm(trials, 'bb')).toBe(true);
  // who still thinks of the first one does not take the second
  expect(await claim(trials, first, { reverting: 'expired' })).toBeNull();
  expect(await findPending(trials)).toEqual(second);
});

it('has exactly one winner, whoever tries at once', async () => {
  const winners: string[] = [];
  for (let round = 0; round < 50; round++) {
    const id = `a${round}`;
    const pending = await prepared(id);
    await arm(trials, id);
    const tries = await Promise.all([
      claim(trials, pending, 'confirmed'),
      claim(trials, pending, { reverting: 'expired' }),
      claim(trials, pending, { reverting: 'asked' }),
      advance(trials, pending, { deadline: 2000 }),
    ]);
    const won = tries.filter((each) => each !== null);
    expect(won).toHaveLength(1);
    winners.push(won[0]?.state ?? '');
    const [entry] = (await listEntries(trials)).filter((each) => each.id === id);
    expect(entry).toEqual(won[0]);
    await rm(join(trials, entryPath(entry ?? pending)), { recursive: true });
  }
  expect(winners).toHaveLength(50);
});

it('a claim for the old deadline fails once it is extended', async () => {
  const pending = await prepared('cc');
  await arm(trials, 'cc');
  const applied = await advance(trials, pending, { phase: 'applied' });
  expect(applied).toEqual({ ...pending, phase: 'applied' });
  if (!applied) return;
  const extended = await advance(trials, applied, { deadline: 9000 });
  expect(await claim(trials, applied, { reverting: 'expired' })).toBeNull();
  expect(await findPending(trials)).toEqual(extended);
});

it('keeps the reason in the name to the end, and passes over what is none of ours', async () => {
  const pending = await prepared('dd');
  await arm(trials, 'dd');
  const reverting = await claim(trials, pending, { reverting: 'asked' });
  if (!reverting) throw new Error('not claimed');
  expect(await close(trials, reverting)).toEqual({ state: 'reverted', id: 'dd', reason: 'asked' });
  expect(await close(trials, reverting)).toBeNull();
  for (const name of ['reverted-dd', 'confirmed-xyz', 'reverting-dd.because', 'notes'])
    await mkdir(join(trials, name));
  expect(await listEntries(trials)).toEqual([{ state: 'reverted', id: 'dd', reason: 'asked' }]);
});
