import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { type Acknowledged, missing, writeUntilCut } from '../testing/acknowledged.ts';
import { installation, kill, listening, runCloud } from '../testing/cloud-process.ts';

test('SIGKILL in the middle of writes loses nothing that was acknowledged', async () => {
  const { directory, environment } = installation();
  let last: { round: number; done: Acknowledged } | undefined;
  for (let round = 1; round <= 3; round += 1) {
    const cloud = runCloud(environment);
    const url = await listening(cloud);
    if (last) expect(await missing(url, last.round, last.done)).toEqual([]);
    const done = await writeUntilCut(url, round, () => kill(cloud.child));
    expect(done.keyPairs.length + done.descriptions.size).toBeGreaterThan(1);
    last = { round, done };
  }
  const database = new DatabaseSync(join(directory, 'cloud', 'cloud.db'));
  expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
  database.close();
}, 60_000);
