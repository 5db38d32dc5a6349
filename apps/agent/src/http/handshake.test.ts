import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentApiHeader, agentSentHeader, parseAgentStamp, printSent } from '@moru/types';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeAuthority, makeCertificate, makeCredential } from '../testing/certificates.ts';
import { type Client, createClient } from '../testing/client.ts';
import { withHandshake } from './handshake.ts';
import { createHandler, type Route } from './router.ts';
import { type AgentServer, startServer } from './server.ts';

const bootId = '11111111-2222-3333-4444-555555555555';
let folder: string;
let server: AgentServer;
let client: Client;
let carriedOut: number;
let api: number;
let uptime: number;

const routes: Route[] = [
  { method: 'GET', path: '/v1/read', handle: async () => ({}) },
  {
    method: 'POST',
    path: '/v1/change',
    handle: async () => {
      carriedOut += 1;
      return {};
    },
  },
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-handshake-'));
  await makeAuthority(folder);
  await Promise.all([
    makeCredential(folder, 'host-1'),
    makeCertificate(folder, 'bff', { commonName: 'moru-bff' }),
  ]);
});
afterAll(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  [carriedOut, api, uptime] = [0, 3, 1_000_000];
  const stamp = () => ({ version: '0.1.0', api, bootId, uptime });
  const handle = withHandshake(createHandler(routes), { stamp, maxAgeSeconds: 120 });
  const credentialFile = join(folder, 'agent.pem');
  server = await startServer({ listen: { host: '127.0.0.1', port: 0 }, credentialFile, handle });
  const place = { host: '127.0.0.1', port: server.address?.port ?? 0, serverName: 'host-1' };
  client = await createClient(place, { folder, name: 'bff' });
});
afterEach(() => server.close());

const change = (headers: Record<string, string>) => client('POST', '/v1/change', {}, headers);

describe('F15: versions of the API', () => {
  it.each([
    [2, 200],
    [3, 200],
    [1, 409],
    [4, 409],
  ])('an agent of version 3 carries out a change in version %i: %i', async (version, status) => {
    const answer = await change({ [agentApiHeader]: String(version) });
    expect(answer.status).toBe(status);
    expect(carriedOut).toBe(status === 200 ? 1 : 0);
    if (status !== 200) expect(answer.body.code).toBe('agent.incompatible');
  });

  it('takes a request that says nothing for one of the first version', async () => {
    expect((await change({})).body.code).toBe('agent.incompatible');
    api = 2;
    expect((await change({})).status).toBe(200);
  });

  it('answers reads of any version, and says in each answer what it is', async () => {
    const answer = await client('GET', '/v1/read', undefined, { [agentApiHeader]: '99' });
    expect(answer.status).toBe(200);
    expect(parseAgentStamp(answer.headers['x-moru-agent'])).toEqual({
      version: '0.1.0',
      api: 3,
      bootId,
      uptime,
    });
  });

  it.each(['x', '', '-1', '3.5', '1e1000'])('refuses the version %j', async (version) => {
    expect((await change({ [agentApiHeader]: version })).body.code).toBe('agent.incompatible');
    expect(carriedOut).toBe(0);
  });
});

describe('F20: a change that was sent long ago', () => {
  const sent = (secondsAgo: number, boot = bootId) => ({
    [agentApiHeader]: '3',
    [agentSentHeader]: printSent(boot, uptime - secondsAgo * 100),
  });

  it.each([
    ['now', 0, 200],
    ['two minutes ago', 120, 200],
    ['a little before that', 121, 409],
    ['three days ago', 259_200, 409],
    // the estimate may be a moment ahead
    ['in a moment', -1, 200],
  ])('sent %s', async (_when, seconds, status) => {
    uptime = 100_000_000;
    const answer = await change(sent(seconds));
    expect(answer.status).toBe(status);
    expect(carriedOut).toBe(status === 200 ? 1 : 0);
    if (status !== 200) expect(answer.body).toMatchObject({ code: 'request.late' });
  });

  it('one from before the host was started anew is not carried out', async () => {
    const answer = await change(sent(0, '99999999-2222-3333-4444-555555555555'));
    expect(answer.body).toMatchObject({
      code: 'request.late',
      detail: expect.stringContaining('started anew'),
    });
    expect(carriedOut).toBe(0);
  });

  it('one that says it in words that cannot be read is refused', async () => {
    const answer = await change({ ...sent(0), [agentSentHeader]: 'yesterday' });
    expect(answer.body.code).toBe('input.malformed');
  });
});
