import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { apiHeader, apiPaths } from '@moru/types';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import { Browser, publicUrl } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { type EventStream, openEvents } from '../testing/event-stream.ts';
import type { NewEvent } from './bus.ts';

// a busy machine is waited for
const soon = { timeout: 20_000 };

let cloud: EmbeddedCloud;
let bff: TestBff;
let projectId: string;

beforeAll(async () => {
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud);
  projectId = cloud.accounts[0]?.projectId ?? '';
});
afterAll(async () => {
  await bff.close();
  await cloud.stop();
});

const streamOf = (browser: Browser, after?: number) => openEvents(bff.port ?? 0, browser, after);
const gone = (id: string, project = projectId): NewEvent => ({
  projectId: project,
  event: { kind: 'instance', id, instance: null },
});
const about = (id: string) => (event: { kind: string; id?: string }) => event.id === id;
const idsOf = (stream: EventStream) => stream.told.flatMap(({ event }) => ('id' in event ? event.id : []));

test('a stream begins where it is, tells its project’s events, and goes on after the last one seen', async () => {
  const browser = await bff.browser('reader');
  await bff.bus.publish([gone('before')]);
  const first = await streamOf(browser);
  expect(first.told[0]?.event ?? (await first.next(({ kind }) => kind === 'hello')).event).toEqual({
    kind: 'hello',
    resumed: false,
  });
  await bff.bus.publish([gone('a'), gone('foreign', 'another-project'), gone('b')]);
  const { id } = await first.next(about('a'));
  await first.next(about('b'));
  expect(idsOf(first)).toEqual(['a', 'b']);
  first.close();

  await bff.bus.publish([gone('c')]);
  const second = await streamOf(browser, id ?? 0);
  await second.next(about('c'));
  expect(idsOf(second)).toEqual(['b', 'c']);
  expect(second.told[0]).toMatchObject({ id, event: { kind: 'hello', resumed: true } });
  second.close();
});

test('a stream that names what nobody knows is told to read everything again', async () => {
  const stream = await streamOf(await bff.browser('reader'), 999_999_999);
  await stream.next(({ kind }) => kind === 'reset');
  expect(stream.told[0]).toMatchObject({ event: { kind: 'hello', resumed: false } });
  stream.close();
});

test('signing out ends every stream of the session, and no other', async () => {
  const [leaving, staying] = [await bff.browser('admin'), await bff.browser('admin')];
  const streams = [await streamOf(leaving), await streamOf(leaving), await streamOf(staying)];
  await leaving.delete(apiPaths.session);
  for (const stream of streams.slice(0, 2)) {
    await stream.next(({ kind }) => kind === 'session.ended');
    await vi.waitFor(() => expect(stream.ended).toBe(true), soon);
  }
  await bff.bus.publish([gone('later')]);
  await streams[2]?.next(about('later'));
  streams[2]?.close();
});

test('the end of a session is announced ten minutes before, for each of its two reasons', async () => {
  const newest = '(SELECT max(created_at) FROM session)';
  for (const [reason, change] of [
    ['token', `expires_at = ${Date.now() + 9 * 60_000}`],
    ['idle', `used_at = ${Date.now() - 51 * 60_000}`],
  ] as const) {
    const browser = await bff.browser('member');
    const quiet = await streamOf(browser);
    await quiet.next(({ kind }) => kind === 'hello');
    const file = new DatabaseSync(join(bff.folder, 'data', 'moru.db'));
    file.exec(`UPDATE session SET ${change} WHERE created_at = ${newest}`);
    file.close();
    const stream = await streamOf(browser);
    const { event } = await stream.next(({ kind }) => kind === 'session.ending');
    expect(event).toMatchObject({ reason });
    expect(quiet.told.map((each) => each.event.kind)).toEqual(['hello']);
    stream.close();
    quiet.close();
  }
});

test('one session holds eight streams: the oldest makes room', async () => {
  const browser = await bff.browser('admin');
  const streams: EventStream[] = [];
  for (let tab = 0; tab < 9; tab += 1) streams.push(await streamOf(browser));
  await vi.waitFor(() => expect(streams.map(({ ended }) => ended).indexOf(true)).toBe(0), soon);
  await bff.bus.publish([gone('nine')]);
  for (const stream of streams.slice(1)) await stream.next(about('nine'));
  for (const stream of streams) stream.close();
});

test('T14: a client that does not read keeps nobody waiting, and misses nothing', async () => {
  const slow = await bff.browser('reader');
  const quick = await streamOf(await bff.browser('admin'));
  const socket = connect(bff.port ?? 0, '127.0.0.1');
  const lines = [`GET ${apiPaths.events} HTTP/1.1`, `Host: ${new URL(publicUrl).host}`];
  socket.write(
    `${[...lines, `${apiHeader.name}: ${apiHeader.value}`, `Cookie: ${slow.cookie}`].join('\r\n')}\r\n\r\n`,
  );
  await vi.waitFor(() => expect(socket.bytesRead).toBeGreaterThan(0), soon);
  socket.pause();
  const padding = 'x'.repeat(20_000);
  for (let round = 0; round < 25; round += 1) {
    await bff.bus.publish(Array.from({ length: 20 }, (_, index) => gone(`<${round}-${index}>${padding}`)));
  }
  await bff.bus.publish([gone('last')]);
  await quick.next(about('last'));
  expect(idsOf(quick)).toHaveLength(501);
  quick.close();

  let late = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    late += chunk.replaceAll(/x{10,}/g, '');
  });
  socket.resume();
  await vi.waitFor(() => expect(late).toContain('"last"'), { timeout: 20_000 });
  for (let round = 0; round < 25; round += 1) expect(late.split(`<${round}-19>`)).toHaveLength(2);
  socket.destroy();
}, 60_000);

test('a replica that stops ends its streams with the time to come back', async () => {
  const own = await startTestBff(cloud);
  const stream = await openEvents(own.port ?? 0, await own.browser('reader'));
  await stream.next(({ kind }) => kind === 'hello');
  const closing = own.close();
  await vi.waitFor(() => expect(stream.ended).toBe(true), soon);
  expect(stream.last).toMatch(/^retry: \d{3,4}$/);
  await closing;
});

test('nobody gets a stream without a session', async () => {
  expect((await streamOf(new Browser({ port: bff.port ?? 0 }))).status).toBe(401);
});
