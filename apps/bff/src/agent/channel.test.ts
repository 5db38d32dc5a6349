import { X509Certificate } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, type TLSSocket } from 'node:tls';
import { hostLeaf } from '@moru/enrolment';
import { issueKeyPair, type KeyPair, makeAuthority } from '@moru/enrolment/authority';
import { agentClientName, ProblemError } from '@moru/types';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type AgentChannel, type ChannelParts, createAgentChannel } from './channel.ts';

// a busy machine is waited for
const soon = { timeout: 20_000 };

const hour = 3_600_000;
const instanceId = 'instance-1';

let folder: string;
let authority: KeyPair;
let certificates: KeyPair[];
let server: Server;
let sockets: TLSSocket[];
let reply: { status: number; headers?: Record<string, string>; body: unknown };
let good: Set<string>;
let looks: number;
let trust: ChannelParts['trust'];
let channel: AgentChannel;

const serialOf = ({ certificate }: KeyPair) => new X509Certificate(certificate).serialNumber;
const socketPath = () => join(folder, 'agent.sock');

async function listen({ certificate, key }: KeyPair): Promise<void> {
  const tls = { ca: authority.certificate, cert: certificate, key, minVersion: 'TLSv1.3' } as const;
  server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true }, (_request, response) => {
    response.writeHead(reply.status, reply.headers).end(JSON.stringify(reply.body));
  });
  server.on('secureConnection', (socket) => sockets.push(socket));
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(socketPath(), resolve));
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-channel-'));
  authority = await makeAuthority();
  const leaf = hostLeaf(instanceId, Date.now() + hour);
  certificates = await Promise.all([1, 2].map(() => issueKeyPair(authority, leaf)));
  const client = { commonName: agentClientName, usages: ['client'] as const, expiresAt: Date.now() + hour };
  const tls = { ...(await issueKeyPair(authority, client)), ca: [authority.certificate] };
  [sockets, looks] = [[], 0];
  reply = { status: 200, body: {} };
  good = new Set(certificates.slice(0, 1).map(serialOf));
  trust = {
    tls: async () => tls,
    expected: async () => {
      looks += 1;
      if (good.size === 0) throw new ProblemError('agent.revoked');
      return new Set(good);
    },
    stillGood: async () => new Set(good),
    forget: () => {},
  };
  channel = createAgentChannel({ trust, socketPath: socketPath() });
  await listen(certificates[0] as KeyPair);
});
afterEach(async () => {
  channel.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const send = (id = instanceId, by = channel, address = '10.0.0.5') =>
  by.send(
    { instanceId: id, address },
    { method: 'GET', path: '/v1/version', requestId: 'r', timeoutMs: 5_000 },
  );

/** Sockets that this process has begun to open. */
async function egressOf(act: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const notice = () => {
    count += 1;
  };
  subscribe('net.client.socket', notice);
  await act().finally(() => unsubscribe('net.client.socket', notice));
  return count;
}

test.each([
  '169.254.169.254',
  '::1',
  '0x7f000001',
  '2130706433',
  '127.0.0.1',
  '::ffff:127.0.0.1',
  'fd00:ec2::254',
  'rebinding.test',
  'localhost',
  'http://10.0.0.5/',
])('T3: a NIC at %s is refused, and nothing leaves', async (address) => {
  const direct = createAgentChannel({ trust });
  const egress = await egressOf(() =>
    expect(send(instanceId, direct, address)).rejects.toThrow(/no NIC can have/),
  );
  expect(egress).toBe(0);
  // the counter counts
  expect(await egressOf(() => send())).toBe(1);
});

test('T3: an agent that answers with a redirection is not followed', async () => {
  let asked = 0;
  const inner = createTcpServer((socket) => {
    asked += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => inner.listen(0, '127.0.0.1', resolve));
  const { port } = inner.address() as { port: number };
  for (const status of [301, 302, 303, 307, 308]) {
    reply = { status, headers: { location: `http://127.0.0.1:${port}/latest/meta-data` }, body: {} };
    expect((await send()).status).toBe(status);
  }
  expect(asked).toBe(0);
  await new Promise((resolve) => inner.close(resolve));
});

test('T9: a certificate of host A does not act for host B', async () => {
  let asked = 0;
  server.on('request', () => {
    asked += 1;
  });
  await expect(send('instance-2')).rejects.toThrow(/names another host/);
  expect(asked).toBe(0);
  await send();
  expect(asked).toBe(1);
});

test('T9: a certificate of our authority that is not in use is refused', async () => {
  good = new Set([serialOf(certificates[1] as KeyPair)]);
  await expect(send()).rejects.toThrow(/none that is in use/);
  // it may have been issued a moment ago, so the store was asked once more
  expect(looks).toBe(2);
});

test('T9: connections of a revoked host are closed, kept ones too', async () => {
  await send();
  await send();
  expect(sockets).toHaveLength(1);
  await channel.sweep();
  expect(sockets[0]?.destroyed).toBe(false);
  good = new Set();
  await channel.sweep();
  await vi.waitFor(() => expect(sockets[0]?.destroyed).toBe(true), soon);
  await expect(send()).rejects.toThrow(ProblemError);
  expect(sockets).toHaveLength(1);
});

test('T9: a revocation cuts what is under way', async () => {
  reply = { status: 200, body: {} };
  server.removeAllListeners('request');
  const arrived = new Promise<void>((resolve) => server.once('request', () => resolve()));
  const waiting = send();
  await arrived;
  channel.cut(instanceId);
  await expect(waiting).rejects.toThrow(/certificate has ended/);
});

test('a renewed certificate is taken without a failed request', async () => {
  await send();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await listen(certificates[1] as KeyPair);
  // this process has not heard of the renewal yet
  let told = false;
  trust.forget = () => {
    told = true;
    good.add(serialOf(certificates[1] as KeyPair));
  };
  expect((await send()).status).toBe(200);
  expect(told).toBe(true);
});

test('kept connections to some hosts leave room for the others', async () => {
  const ids = ['instance-1', 'instance-2', 'instance-3', 'instance-4', 'instance-5'];
  const contexts = new Map(
    await Promise.all(
      ids.map(async (id) => {
        const pair = await issueKeyPair(authority, hostLeaf(id, Date.now() + hour));
        good.add(serialOf(pair));
        const { certificate: cert, key } = pair;
        return [id, createSecureContext({ ca: authority.certificate, cert, key })] as const;
      }),
    ),
  );
  const fleetSocket = join(folder, 'fleet.sock');
  const fleet = createServer(
    {
      ca: authority.certificate,
      minVersion: 'TLSv1.3',
      requestCert: true,
      keepAliveTimeout: 30_000,
      SNICallback: (name, done) => done(null, contexts.get(name)),
    },
    (_request, response) => response.end('{}'),
  );
  fleet.on('secureConnection', (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => fleet.listen(fleetSocket, resolve));
  const small = createAgentChannel({ trust, socketPath: fleetSocket, maximumSockets: 2 });
  try {
    for (const id of ids) expect(await send(id, small)).toMatchObject({ status: 200 });
    expect(sockets.filter(({ destroyed }) => !destroyed).length).toBeLessThanOrEqual(2);
    // several at once wait for their turn, and each has it
    const answers = await Promise.all([...ids, ...ids].map((id) => send(id, small)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
  } finally {
    small.close();
    fleet.closeAllConnections();
    await new Promise((resolve) => fleet.close(resolve));
  }
});
