import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Browser, publicUrl } from './testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from './testing/embedded-cloud.ts';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));
let folder: string;
let cloud: EmbeddedCloud;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-bff-main-'));
  cloud = await startEmbeddedCloud();
  await writeFile(join(folder, 'secret.key'), 'cd'.repeat(32));
});
afterAll(async () => {
  await cloud.stop();
  await rm(folder, { recursive: true });
});

/** The program as the installation starts it, behind a unix socket. */
function start(environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program], {
    env: {
      MORU_BFF_SOCKET: join(folder, 'bff.sock'),
      MORU_PUBLIC_URL: publicUrl,
      MORU_INSTALLATION_ID: 'main',
      MORU_DATA: join(folder, 'data'),
      MORU_IAM_URL: cloud.url,
      MORU_BCS_URL: cloud.url,
      MORU_NETWORK_URL: cloud.url,
      MORU_VPC_URL: cloud.url,
      MORU_ACCOUNTS: cloud.accountsFile,
      MORU_SECRET_KEY_FILE: join(folder, 'secret.key'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    output.out += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output.err += chunk;
  });
  return { child, output };
}

const ended = async (child: ChildProcess): Promise<number | null> =>
  child.exitCode ?? ((await once(child, 'exit'))[0] as number | null);

test('serves behind the PROXY header, keeps sessions over a restart, and ends on SIGTERM', async () => {
  const place = { socketPath: join(folder, 'bff.sock') };
  const preamble = 'PROXY TCP4 198.51.100.20 127.0.0.1 40000 8443\r\n';
  const browser = new Browser(place, { preamble });

  const first = start();
  await vi.waitFor(() => expect(first.output.out).toContain('"listening"'), { timeout: 30_000 });
  expect((await browser.get('/healthz', { headers: { host: 'any' } })).body).toEqual({ status: 'ok' });
  expect((await browser.get('/readyz', { headers: { host: 'any' } })).status).toBe(200);
  expect((await browser.signIn('admin')).status).toBe(200);
  const { body } = await browser.get('/api/audit');
  expect(body.records[0].actor.address).toBe('198.51.100.20');
  first.child.kill('SIGKILL');
  await ended(first.child);

  const second = start();
  await vi.waitFor(() => expect(second.output.out).toContain('"listening"'), { timeout: 30_000 });
  expect((await browser.get('/api/session')).body.user.name).toBe('admin-user');
  second.child.kill('SIGTERM');
  expect(await ended(second.child)).toBe(0);
  await expect(stat(place.socketPath)).rejects.toThrow(/ENOENT/);
  for (const line of second.output.out.trim().split('\n')) expect(JSON.parse(line).level).toBe(30);
  expect(second.output.err).toBe('');
}, 120_000);

test('is alive but not ready without its cloud', async () => {
  const { child, output } = start({ MORU_IAM_URL: 'http://127.0.0.1:1' });
  await vi.waitFor(() => expect(output.out).toContain('"listening"'), { timeout: 30_000 });
  const browser = new Browser(
    { socketPath: join(folder, 'bff.sock') },
    { preamble: 'PROXY TCP4 192.0.2.1 127.0.0.1 4 5\r\n' },
  );
  expect((await browser.get('/healthz')).status).toBe(200);
  expect(await browser.get('/readyz')).toMatchObject({ status: 503, body: { failed: ['cloud'] } });
  child.kill('SIGTERM');
  expect(await ended(child)).toBe(0);
}, 120_000);

test('a bad configuration ends it with a line for each problem', async () => {
  const { child, output } = start({ MORU_BCS_URL: 'nowhere', MORU_INSTALLATION_ID: 'A B', MORU_DATA: '' });
  expect(await ended(child)).toBe(1);
  const lines = output.err.trim().split('\n');
  expect(lines).toHaveLength(3);
  for (const name of ['MORU_BCS_URL', 'MORU_INSTALLATION_ID', 'MORU_DATA'])
    expect(output.err).toContain(name);
  expect(output.out).toBe('');
}, 120_000);
