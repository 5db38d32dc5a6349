import { once } from 'node:events';
import { expect, test } from 'vitest';
import { installation, type LogLine, runCloud } from './testing/cloud-process.ts';

test('starts, says where it listens, answers, and ends on SIGTERM with its hosts out of reach', async () => {
  const environment = { ...installation().environment, MORU_HOSTS_SOCKET: '/nowhere/hosts.sock' };
  const { child, lines } = runCloud(environment);
  const first = (await lines.next()).value as LogLine;
  expect(first.msg).toBe('listening');
  expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
}, 20_000);

test('a bad configuration ends it with a line for each problem', async () => {
  const { child, lines } = runCloud({ MORU_CLOUD_LISTEN: 'here' });
  const ended = once(child, 'exit');
  const said: string[] = [];
  for (let line = await lines.next(); !line.done; line = await lines.next()) said.push(line.value.msg);
  // every problem at once; in which order is nobody's concern
  expect(said.toSorted()).toEqual([
    'MORU_ACCOUNTS: is required',
    'MORU_CLOUD_DATA: is required',
    'MORU_CLOUD_LISTEN: must be host:port',
  ]);
  expect(await ended).toEqual([1, null]);
}, 20_000);
