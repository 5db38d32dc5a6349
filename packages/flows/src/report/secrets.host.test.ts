import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Installation, startInstallation } from '@moru/stack';
import { apiPaths, firewallStateSchema } from '@moru/types';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { markOf } from '../target.ts';
import { type InstallationApi, installationApi } from '../testing/api.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const root = here('../../../..');

/** a browser and two loads of Playwright on a machine that has other work */
const busyMs = 240_000;

let folder: string;
let installation: Installation;
let api: InstallationApi;
let environment: NodeJS.ProcessEnv;

// somebody else's installation, as far as the flows know: a URL and a key
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-canary-'));
  const options = { name: 'canary', port: 0, fresh: true, hosts: 'simulated', root: folder } as const;
  installation = await startInstallation({ ...options, faults: false, attachMs: 100 }, () => {});
  api = await installationApi(installation.url);
  const admin = installation.accounts.find(({ role }) => role === 'admin');
  environment = {
    ...process.env,
    BASE_URL: installation.url,
    MORU_ADMIN_KEY_ID: admin?.accessKeyId,
    MORU_ADMIN_SECRET: admin?.secret,
    MORU_FLOWS_REPORTS: join(folder, 'reports'),
    MORU_FLOWS_OUTPUT: join(folder, 'output'),
    MORU_FLOWS_SECRETS: join(folder, 'secrets'),
    MORU_FLOWS_JSON: '',
    FORCE_COLOR: '0',
  };
});
afterAll(async () => {
  await installation?.close();
  await rm(folder, { recursive: true, force: true });
});

function execute(args: string[], more: NodeJS.ProcessEnv = {}) {
  return new Promise<{ code: number; said: string }>((resolve) => {
    const options = { cwd: root, env: { ...environment, ...more }, timeout: busyMs };
    execFile(process.execPath, args, options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, said: `${stdout}${stderr}` }),
    );
  });
}
const flows = (more: NodeJS.ProcessEnv = {}, ...args: string[]) =>
  execute(
    [
      join(root, 'node_modules/@playwright/test/cli.js'),
      'test',
      '-c',
      here('testing/canary.config.ts'),
      ...args,
    ],
    more,
  );

interface Part {
  name: string;
  text: string;
}

/** Every file as text, with what is packed in it: traces, and the HTML report, which holds its data as a zip in base64. */
async function everything(place: string): Promise<Part[]> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  const parts = entries
    .filter((entry) => entry.isFile())
    .map(async ({ parentPath, name }) =>
      unpacked(join(parentPath, name), await readFile(join(parentPath, name))),
    );
  return (await Promise.all(parts)).flat();
}

function unpacked(name: string, bytes: Uint8Array): Part[] {
  if (name.endsWith('.zip')) {
    return Object.entries(unzipSync(bytes)).flatMap(([inner, content]) =>
      unpacked(`${name}/${inner}`, content),
    );
  }
  const text = strFromU8(bytes, true);
  const packed = [...text.matchAll(/data:application\/zip;base64,([A-Za-z0-9+/=]+)/g)];
  return [
    { name, text },
    ...packed.flatMap(([, data = ''], index) =>
      unpacked(`${name}-${index}.zip`, Buffer.from(data, 'base64')),
    ),
  ];
}

/** Neither the values that were there, nor any cookie of the console that is not masked; and none is kept. */
async function expectNoSecrets(parts: readonly Part[]): Promise<void> {
  const secret = environment.MORU_ADMIN_SECRET ?? '';
  expect(secret.length).toBeGreaterThan(20);
  const session = /__Host-moru-[a-z0-9]+=(?!\[removed\])[^;"\s]{8}/;
  const leaks = parts.filter(({ text }) => text.includes(secret) || session.test(text));
  expect(leaks.map(({ name }) => name)).toEqual([]);
  expect(parts.map(({ text }) => text).join('\n')).toMatch(/__Host-moru-[a-z0-9]+=\[removed\]/);
  await expect(readFile(environment.MORU_FLOWS_SECRETS ?? '')).rejects.toThrow('ENOENT');
}

test('a flow that fails leaves a report with trace, picture and host, and without its key or session', {
  timeout: busyMs,
}, async () => {
  const { code, said } = await flows();
  expect(code).toBe(1);
  expect(said).toContain(`Preflight: ${installation.url}`);
  expect(said).toContain('1 flows run, 2 are skipped');
  const parts = await everything(folder).then((all) =>
    all.filter(({ name }) => /^\/(reports|output)\//.test(name.slice(folder.length))),
  );
  const names = parts.map(({ name }) => name);
  for (const kind of [/junit\.xml$/, /flows\.json$/, /index\.html$/, /trace\.zip\/.*network$/, /png$/]) {
    expect(names.some((name) => kind.test(name))).toBe(true);
  }
  const texts = parts.map(({ text }) => text).join('\n');
  expect(texts).toContain('hosts seen by');
  expect(texts).toContain('-A INPUT -j sshguard');
  expect(texts).toContain('needs an embedded installation of its own');
  expect(texts).toContain('allowed by MORU_ALLOW_CHANGES=1');
  await expectNoSecrets(parts);
});

test('the same holds for what is recorded where other reporters are asked for', {
  timeout: busyMs,
}, async () => {
  const output = join(folder, 'other');
  const { code } = await flows({ MORU_FLOWS_OUTPUT: output }, '--reporter=dot');
  expect(code).toBe(1);
  const parts = await everything(output);
  expect(parts.some(({ name }) => /trace\.zip\/.*network$/.test(name))).toBe(true);
  await expectNoSecrets(parts);
});

test('a preflight says what a run would change, and runs nothing', async () => {
  const { code, said } = await flows({ MORU_PREFLIGHT: '1', MORU_ALLOW_CHANGES: '1' });
  expect(code).toBe(0);
  expect(said).toContain('2 flows run, 1 are skipped');
  expect(said).toContain('changes the rules of web-01: makes a rule');
  expect(said).not.toContain('not to be run without leave');
});

test('a sweep names what a flow left, and removes it when that is allowed', async () => {
  const id = api.idOf('web-01');
  const read = async () =>
    firewallStateSchema.parse((await api.call('GET', `${apiPaths.firewall(id)}?family=ipv4`)).body);
  const comment = `-m comment --comment "${markOf('0123abcd')}"`;
  const rule = `-s 192.0.2.77/32 ${comment} -j DROP`;
  const { revision } = await read();
  const append = { type: 'append', family: 'ipv4', revision, table: 'filter', chain: 'INPUT', rule };
  expect((await api.call('POST', apiPaths.firewallChanges(id), append)).status).toBe(200);
  const sweep = (more: NodeJS.ProcessEnv) => execute([here('../sweep.ts')], more);
  expect((await sweep({})).said).toContain(`would be removed with MORU_ALLOW_CHANGES=1: rule on web-01`);
  expect(JSON.stringify(await read())).toContain('moru-flow');
  expect((await sweep({ MORU_ALLOW_CHANGES: '1' })).said).toMatch(
    /^removed: rule on web-01.*\n1 left by flows\n$/,
  );
  expect(JSON.stringify(await read())).not.toContain('moru-flow');
});
