import { apiPaths } from '@moru/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { openEvents } from '../testing/event-stream.ts';
import { instanceNamed } from '../testing/instances.ts';
import { until } from '../testing/until.ts';

let cloud: EmbeddedCloud;
const bffs: TestBff[] = [];

beforeAll(async () => {
  cloud = await startEmbeddedCloud();
  // two consoles before one cloud: what one does is to the other as done by the cloud's own
  for (let count = 0; count < 2; count += 1) bffs.push(await startTestBff(cloud));
});
afterAll(async () => {
  for (const bff of bffs) await bff.close();
  await cloud.stop();
});

test('what is changed past this console is told as an instance of the list, from the first list on', async () => {
  const [here, elsewhere] = bffs;
  if (!here || !elsewhere) throw new Error('two are started');
  const admin = await elsewhere.browser('admin');
  const reader = await here.browser('reader');
  // what a console is given first is what later looks compare with: one change, and it is told
  const { id } = await instanceNamed(reader, 'web-01');
  const stream = await openEvents(here.port ?? 0, reader);
  await admin.put(apiPaths.instance(id), { description: 'changed elsewhere' });
  const told = await until(20_000, () => stream.next((event) => event.kind === 'instance'));
  expect(told.event).toMatchObject({
    kind: 'instance',
    id,
    instance: { id, description: 'changed elsewhere' },
  });
  expect(told.id).not.toBeNull();
  stream.close();
}, 60_000);
