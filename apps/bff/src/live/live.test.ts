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

test('what is changed past this console is told as an instance of the list', async () => {
  const [here, elsewhere] = bffs;
  if (!here || !elsewhere) throw new Error('two are started');
  const stream = await openEvents(here.port ?? 0, await here.browser('reader'));
  const admin = await elsewhere.browser('admin');
  const { id } = await instanceNamed(admin, 'web-01');
  let turn = 0;
  // the first look has nothing to compare with: it is changed until a later one tells
  const told = await until(20_000, async () => {
    turn += 1;
    await admin.put(apiPaths.instance(id), { description: `turn ${turn}` });
    return stream.next((event) => event.kind === 'instance');
  });
  expect(told.event).toMatchObject({ kind: 'instance', id, instance: { id, name: 'web-01' } });
  expect(told.id).not.toBeNull();
  stream.close();
}, 60_000);
