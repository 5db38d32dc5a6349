import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import { publicUrl } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { serveConsole } from './console-files.ts';

const script = `export const words = ${JSON.stringify('모루 '.repeat(500))};`;
let folder: string;
let dist: string;
let cloud: EmbeddedCloud;
let bff: TestBff;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-bff-console-'));
  dist = join(folder, 'dist');
  await mkdir(join(dist, 'assets'), { recursive: true });
  const meta = '<meta property="csp-nonce" nonce="__CSP_NONCE__">';
  await writeFile(
    join(dist, 'index.html'),
    `<!doctype html>${meta}<link nonce="__CSP_NONCE__" href="/a.css">`,
  );
  await writeFile(join(dist, 'assets', 'index-a1b2.js'), script);
  await writeFile(join(dist, 'favicon.svg'), '<svg/>');
  await writeFile(join(folder, 'secret.txt'), 'outside');
  await symlink(join(folder, 'secret.txt'), join(dist, 'link.txt'));
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud, { MORU_CONSOLE_DIST: dist });
});
afterAll(async () => {
  await bff.close();
  await cloud.stop();
  await rm(folder, { recursive: true });
});

const fetchRaw = (path: string, headers: Record<string, string> = {}) =>
  bff.browser().then((browser) => browser.get(path, { headers }));

/** The answer's bytes as they are; `fetch` would unpack them. */
function fetchBytes(path: string, encoding: string): Promise<{ head: string; body: Buffer }> {
  const { host } = new URL(publicUrl);
  return new Promise((resolve, reject) => {
    const socket = connect(bff.port ?? 0, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('end', () => {
      const all = Buffer.concat(chunks);
      const end = all.indexOf('\r\n\r\n');
      resolve({ head: all.subarray(0, end).toString('latin1').toLowerCase(), body: all.subarray(end + 4) });
    });
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept-Encoding: ${encoding}\r\nConnection: close\r\n\r\n`,
    );
  });
}

test('T6: every page carries a new nonce, the same in the policy and in the document', async () => {
  const [first, second] = [await fetchRaw('/'), await fetchRaw('/')];
  const nonces = [first, second].map(({ headers, text }) => {
    const policy = String(headers['content-security-policy']);
    const [, nonce = 'none'] = /style-src 'self' 'nonce-([^']+)'/.exec(policy) ?? [];
    expect(text.split(`nonce="${nonce}"`)).toHaveLength(3);
    expect(text).not.toContain('__CSP_NONCE__');
    expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
    return nonce;
  });
  expect(nonces[0]).not.toBe(nonces[1]);
  expect(first.headers['cache-control']).toBe('no-store');
});

test('T6: the policy allows the page’s own files and nothing else', async () => {
  const { headers } = await fetchRaw('/');
  const policy = String(headers['content-security-policy']).replace(/'nonce-[^']+'/, "'nonce-N'");
  expect(policy.split(';').sort()).toEqual([
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "script-src 'self'",
    "style-src 'self' 'nonce-N'",
    "trusted-types moru 'allow-duplicates'",
  ]);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  });
  expect(headers).not.toHaveProperty('strict-transport-security');
});

test('a page of the SPA gets the document; a file that is not there and the API do not', async () => {
  for (const path of ['/instances', '/instances/abc/firewall?sub=rules', '/index.html']) {
    expect(await fetchRaw(path), path).toMatchObject({ status: 200 });
    expect((await fetchRaw(path)).headers['content-type']).toMatch(/^text\/html/);
  }
  for (const path of ['/missing.js', '/assets/old-1234.js', '/api/x', '/api']) {
    expect((await fetchRaw(path)).body.code, path).toBe('route.unknown');
  }
});

test('files are compressed as the browser can take it, and unpack to what they were', async () => {
  const unpack = { br: brotliDecompressSync, gzip: gunzipSync };
  for (const encoding of ['br', 'gzip'] as const) {
    const { head, body } = await fetchBytes('/assets/index-a1b2.js', encoding);
    expect(head).toContain(`content-encoding: ${encoding}`);
    expect(head).toContain('vary: accept-encoding');
    expect(head).toContain('content-type: text/javascript');
    expect(unpack[encoding](body).toString()).toBe(script);
  }
  const plain = await fetchBytes('/assets/index-a1b2.js', 'identity');
  expect(plain.head).not.toContain('content-encoding');
  expect(plain.body.toString()).toBe(script);
});

test('hashed files are kept for good; others are asked for again, and cost nothing when unchanged', async () => {
  const hashed = await fetchRaw('/assets/index-a1b2.js');
  expect(hashed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  const icon = await fetchRaw('/favicon.svg');
  expect(icon.headers['cache-control']).toBe('no-cache');
  const again = await fetchRaw('/favicon.svg', { 'if-none-match': String(icon.headers.etag) });
  expect(again).toMatchObject({ status: 304, text: '' });
});

test('no path leaves the folder, not by dots and not by a link', async () => {
  for (const path of [
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/link.txt',
    '/%2e%2e/secret.txt',
  ]) {
    const { head, body } = await fetchBytes(path, 'identity');
    expect(head, path).toMatch(/^http\/1\.1 404/);
    expect(body.toString()).not.toContain('outside');
  }
});

test('a folder that holds no built console is refused at the start', async () => {
  await expect(serveConsole(join(dist, 'assets'))).rejects.toThrow(/no index.html/);
  const bare = join(folder, 'bare');
  await mkdir(bare);
  await writeFile(join(bare, 'index.html'), '<!doctype html>');
  await expect(serveConsole(bare)).rejects.toThrow(/no __CSP_NONCE__/);
});
