import type { DraftSave, OffRule } from '@moru/types';
import { expect, test } from 'vitest';
import { onEachStore } from '../testing/stores.ts';
import { createDraftRecords, type DraftPlace } from './records.ts';

const day = 24 * 3_600_000;
const revision = 'a'.repeat(64);
const instanceId = 'i-1';
const kim: DraftPlace = { instanceId, projectId: 'p', user: { id: 'u1', name: '김' } };
const lee: DraftPlace = { instanceId, projectId: 'p', user: { id: 'u2', name: 'Lee' } };

const base: DraftSave['base'] = [
  { name: 'filter', chains: [{ name: 'INPUT', policy: 'ACCEPT', owner: 'moru', rules: ['-j sshguard'] }] },
];
const policy = { id: 's1', table: 'filter', chain: 'INPUT', type: 'policy', policy: 'DROP' } as const;
const switchedOff: OffRule = {
  ...{ id: 'off-1', text: '-j DROP', previous: null, next: null },
  ...({ table: 'filter', chain: 'INPUT' } as const),
};
const draft = (more: Partial<DraftSave> = {}): DraftSave => ({
  ...{ version: 0, revision, steps: [policy], next: 2, off: [switchedOff], base },
  ...more,
});

onEachStore(({ open }) => {
  /** With the trial that a draft is on the host as. */
  const ground = async (now: () => number = Date.now) => {
    const { db } = await open();
    const startTrial = (key: string) =>
      db
        .insertInto('trial')
        .values({
          ...{ key, instance_id: instanceId, project_id: 'p', user_id: 'u1', user_name: '김', note: '' },
          ...{ trial_id: 't1', secret: null, seen: null, seen_at: null, deadline_at: 1, sent_at: 1 },
          ended_at: null,
        })
        .execute();
    return { db, startTrial, records: createDraftRecords(db, now) };
  };

  test('what is kept is read again, each user’s own', async () => {
    const { records } = await ground();
    expect(await records.read(kim)).toBeNull();
    expect(await records.save(kim, draft())).toBe(1);
    expect(await records.read(kim)).toEqual({
      ...{ version: 1, revision, steps: [policy], next: 2, base, trial: null },
    });
    expect(await records.read(lee)).toBeNull();
    expect(await records.drafts(kim)).toMatchObject({ version: 1, others: [], off: [] });
    expect(await records.drafts(lee)).toMatchObject({ version: 0, others: [{ name: '김', steps: 1 }] });
    // a project never hears of another one's users
    expect((await records.drafts({ ...lee, projectId: 'q' })).others).toEqual([]);
  });

  test('of two windows that save upon one version one is refused, and nothing of the other is lost', async () => {
    const { records } = await ground();
    await records.save(kim, draft());
    const second = { ...policy, id: 's2' };
    const saves = await Promise.all(
      [[policy, second], [second]].map((steps) =>
        records.save(kim, draft({ version: 1, steps, base: null })),
      ),
    );
    expect(saves.toSorted()).toEqual([2, null]);
    expect(await records.save(kim, draft())).toBeNull();
    expect((await records.read(kim))?.version).toBe(2);
  });

  test('without its base only a draft on the same rules is taken', async () => {
    const { records } = await ground();
    await records.save(kim, draft());
    const moved = draft({ version: 1, revision: 'b'.repeat(64), base: null });
    expect(await records.save(kim, moved)).toBeNull();
    expect(await records.save(kim, { ...moved, base: [] })).toBe(2);
    expect(await records.read(kim)).toMatchObject({ revision: 'b'.repeat(64), base: [] });
  });

  test('while it is on the host as a trial nothing replaces it; reverted, it is there as before', async () => {
    const { records, startTrial } = await ground();
    await records.save(kim, draft());
    await startTrial('key-1');
    await records.tried(kim, 'b'.repeat(64), 'key-1');
    expect((await records.read(kim))?.trial).toBeNull();
    await records.tried(kim, revision, 'key-1');
    expect((await records.read(kim))?.trial).toEqual({ id: 't1' });
    expect(await records.save(kim, draft({ version: 1 }))).toBeNull();
    await records.ended(instanceId, 'key-1', false);
    expect(await records.read(kim)).toMatchObject({ version: 1, steps: [policy], trial: null });
    expect((await records.drafts(kim)).off).toEqual([]);
    expect(await records.save(kim, draft({ version: 1 }))).toBe(2);
  });

  test('kept on the host, the draft is done with, and what it switched off is so for everybody', async () => {
    const { records, startTrial } = await ground();
    await records.save(kim, draft());
    await startTrial('key-1');
    await records.tried(kim, revision, 'key-1');
    for (const _again of [1, 2]) await records.ended(instanceId, 'key-1', true);
    expect(await records.read(kim)).toMatchObject({ version: 2, steps: [], trial: null });
    expect(await records.drafts(lee)).toEqual({ version: 0, others: [], off: [switchedOff] });
  });

  test('a trial whose record is gone holds no draft', async () => {
    const { db, records, startTrial } = await ground();
    await records.save(kim, draft());
    await startTrial('key-1');
    await records.tried(kim, revision, 'key-1');
    await db.deleteFrom('trial').execute();
    expect((await records.read(kim))?.trial).toBeNull();
    expect(await records.save(kim, draft({ version: 1 }))).toBe(2);
  });

  test('empty drafts go after a day, others stay', async () => {
    let now = day;
    const { records } = await ground(() => now);
    await records.save(kim, draft());
    await records.save(lee, draft({ steps: [] }));
    now += 2 * day;
    await records.sweep();
    expect(await records.read(lee)).toBeNull();
    expect((await records.read(kim))?.version).toBe(1);
  });
});
