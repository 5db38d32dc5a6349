import { type ChildProcess, spawn } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { packagedAgent } from '@moru/hosts';
import { imageForTests, imageForTestsMs } from '@moru/hosts/testing/machine-image';
import { type Installation, networks, run, runInNetwork, startInstallation, tied } from '@moru/stack';
import { apiHeader, apiPaths, instanceListSchema, issuedTokenSchema } from '@moru/types';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { makeConsoleDeb, readConsolePackage } from './contents.ts';

/** Long enough for a machine that has other work; each wait ends as soon as what it waits for is there. */
const soon = { timeout: 90_000, interval: 200 };
const stamp = { seconds: 1_767_225_600 };
const next = '9.0.0';
/** db-01 of the embedded cloud is the server, web-01 the host */
const server = 'http://10.10.0.21:4480';
const cloudPort = 9_091;

let missing: string | undefined;
let folder: string;
let installation: Installation;
let relay: ChildProcess | undefined;

beforeAll(async () => {
  missing = (await imageForTests()).missing;
  if (missing) return;
  folder = await mkdtemp(join(tmpdir(), 'moru-console-deb-'));
  const options = { name: 'deb', port: 0, fresh: true, hosts: 'machines', root: folder } as const;
  installation = await startInstallation({ ...options, faults: false, attachMs: 100 }, () => {});
  relay = cloudForMachines(installation);
}, imageForTestsMs);
afterAll(async () => {
  relay?.kill('SIGKILL');
  await installation?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});
beforeEach(({ skip }) => skip(missing !== undefined, missing));

/** The embedded cloud listens to its own network alone; KakaoCloud's is there for everybody. */
function cloudForMachines({ hosts, cloudUrl }: Installation): ChildProcess {
  const script = `require('node:net').createServer((client) => {
    const cloud = require('node:net').connect(${new URL(cloudUrl).port}, '127.0.0.1');
    for (const end of [client, cloud]) end.on('error', () => { client.destroy(); cloud.destroy(); });
    client.pipe(cloud).pipe(client);
  }).listen(${cloudPort}, '${networks.console.address}');`;
  const inside = tied('nsenter', [
    `--net=/proc/${hosts.pids?.console}/ns/net`,
    process.execPath,
    '-e',
    script,
  ]);
  return spawn(inside.program, inside.args, { stdio: 'ignore' });
}

interface Answer {
  status: number;
  body: unknown;
}

/** As a browser behind the fabric would, without the reverse proxy. */
async function ask(
  method: string,
  path: string,
  { cookie = '', body }: { cookie?: string; body?: unknown } = {},
) {
  const headers = [
    `${apiHeader.name}: ${apiHeader.value}`,
    `origin: ${server}`,
    'content-type: application/json',
  ];
  const args = ['-sS', '-m', '20', '-X', method, '-i', ...headers.flatMap((line) => ['-H', line])];
  const sent = body === undefined ? [] : ['--data-binary', '@-'];
  const text = await runInNetwork(
    installation.hosts.pids?.console ?? 0,
    'curl',
    [...args, ...sent, '-H', `cookie: ${cookie}`, `${server}${path}`],
    body === undefined ? '' : JSON.stringify(body),
  );
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  const content = rest.join('\r\n\r\n');
  const set = /^set-cookie: ([^;]+)/im.exec(head)?.[1] ?? '';
  const answer: Answer = { status, body: /json/.test(head) && content ? JSON.parse(content) : content };
  return { ...answer, cookie: set };
}

async function signIn(): Promise<string> {
  const admin = installation.accounts.find(({ role }) => role === 'admin');
  const body = { accessKeyId: admin?.accessKeyId, secret: admin?.secret };
  const { status, cookie } = await ask('POST', apiPaths.session, { body });
  expect(status).toBe(200);
  return cookie;
}

it('installs, starts, enrols a host, survives an upgrade and a reboot, and goes without a trace', {
  timeout: 600_000,
}, async () => {
  const deb = await makeConsoleDeb({ ...(await readConsolePackage()), compression: 1 }, stamp, folder);
  const later = await makeConsoleDeb(
    { ...(await readConsolePackage({ version: next })), compression: 1 },
    stamp,
    folder,
  );
  const ids = new Map<string, string>();
  const pidOf = (name: string) => {
    const pid = installation.hosts.hostPid(ids.get(name) ?? '');
    if (pid === undefined) throw new Error(`${name} is off`);
    return pid;
  };
  /** as root of a machine, in every namespace of it */
  const sh = (name: string, script: string) => {
    const env = ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C'];
    return run('nsenter', ['-t', String(pidOf(name)), '-a', ...env, 'sh', '-ec', script], '', soon.timeout);
  };
  const install = async (path: string, name = 'db-01') => {
    const place = `/root/${basename(path)}`;
    await copyFile(path, `/proc/${pidOf(name)}/root${place}`);
    return sh(name, `dpkg --force-confold --install ${place} 2>&1; rm ${place}`);
  };
  for (const { name, id } of await instances()) ids.set(name, id);

  expect(await install(deb)).toContain('Set it up in /etc/moru-console/console.env');
  expect(await sh('db-01', 'systemctl is-enabled moru-console; systemctl is-active moru-console || :')).toBe(
    'enabled\ninactive\n',
  );
  expect(await sh('db-01', 'stat -c "%a %U:%G" /etc/moru-console/secret.key')).toBe(
    '640 root:moru-console\n',
  );
  const key = await sh('db-01', 'cat /etc/moru-console/secret.key');
  expect(key).toMatch(/^[0-9a-f]{64}$/);

  const cloud = `http://${networks.console.address}:${cloudPort}`;
  const settings = {
    MORU_PUBLIC_URL: server,
    MORU_BFF_SOCKET: '',
    MORU_BFF_LISTEN: new URL(server).host,
    ...Object.fromEntries(['IAM', 'BCS', 'NETWORK', 'VPC'].map((each) => [`MORU_${each}_URL`, cloud])),
    MORU_ENROLMENT_LISTEN: '10.10.0.21:7444',
    MORU_ENROLMENT_URL: 'https://10.10.0.21:7444',
    MORU_ENROLMENT_AUTOMATIC: '1',
    // what a shell would take for its own: systemd does not, and the commands of root must not either
    MORU_DATA: '/var/lib/moru-console/of $$ & "all"',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  await sh(
    'db-01',
    `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} >> /etc/moru-console/console.env`,
  );
  await sh('db-01', 'systemctl start moru-console');
  const ready = () =>
    vi.waitFor(async () => expect(await ask('GET', '/readyz')).toMatchObject({ status: 200 }), soon);
  await ready();
  expect((await ask('GET', '/')).body).toContain('<div id="root">');
  const exposure = await sh('db-01', 'systemd-analyze security --no-pager moru-console | tail -1');
  expect(Number(/level for moru-console.service: (\d+\.\d)/.exec(exposure)?.[1])).toBeLessThan(3);

  let cookie = await signIn();
  const host = ids.get('web-01') ?? '';
  const token = await ask('POST', apiPaths.hostTokens(host), {
    cookie,
    body: { approval: 'automatic', minutes: 10 },
  });
  const { server: door, token: once } = issuedTokenSchema.parse(token.body);
  // a host that no console knows yet
  await sh('web-01', 'dpkg --purge moru-agent 2>&1');
  await install((await packagedAgent()).deb, 'web-01');
  // whether the agent has taken it over is seen by its answers; the command itself waits for that for seconds only
  const said = await sh('web-01', `moru-agent enrol --server ${door} --token ${once} 2>&1`);
  expect(said).toContain(`Enrolled as instance ${host}`);
  const rules = () =>
    vi.waitFor(async () => {
      const answer = await ask('GET', `${apiPaths.firewall(host)}?family=ipv4`, { cookie });
      expect(answer).toMatchObject({ status: 200, body: { sshguard: { chain: true } } });
    }, soon);
  await rules();

  for (const command of await documented('Upgrade')) {
    if (command.startsWith('apt install ')) await install(later);
    else await sh('db-01', command);
  }
  await ready();
  await rules();
  expect(await sh('db-01', 'dpkg --status moru-console')).toContain(`Version: ${next}`);
  expect(await sh('db-01', 'cat /etc/moru-console/secret.key')).toBe(key);

  for (const command of await documented('Backup and restore')) await sh('db-01', command);
  await ready();
  cookie = await signIn();
  await rules();

  // the server first, then the host: each comes back with what it was told to keep
  for (const name of ['db-01', 'web-01']) {
    const leader = pidOf(name);
    // it may be gone before it says so
    await sh(name, 'systemctl reboot').catch(() => '');
    const pid = () => installation.hosts.hostPid(ids.get(name) ?? '') ?? leader;
    await vi.waitFor(() => expect(pid()).not.toBe(leader), soon);
    await ready();
    await rules();
  }

  await sh('db-01', 'dpkg --remove moru-console 2>&1');
  expect(await sh('db-01', 'systemctl list-units --all --no-legend --plain "moru-console*"')).toBe('');
  expect(await sh('db-01', 'ls /etc/moru-console')).toContain('console.env');
  await sh('db-01', 'dpkg --purge moru-console 2>&1');
  const gone =
    'test ! -e /etc/moru-console && test ! -e /var/lib/moru-console && ! getent passwd moru-console';
  await sh('db-01', `${gone} && test ! -e /usr/lib/moru-console`);
});

/** The commands below a heading of the installation page as root gives them: a machine has no sudo and no mirror. */
async function documented(heading: string): Promise<string[]> {
  const page = await readFile(new URL('../../../docs/installation.en.md', import.meta.url), 'utf8');
  const section = page.split(`\n## ${heading}\n`)[1] ?? '';
  const [, block = ''] = section.split(/^```\n/m);
  const commands = block.trim().split('\n');
  expect(commands.every((command) => command.startsWith('sudo '))).toBe(true);
  return commands.map((command) => command.slice('sudo '.length));
}

/** By the embedded console, which knows the same cloud. */
async function instances() {
  const origin = installation.url;
  const headers = { [apiHeader.name]: apiHeader.value, origin, 'content-type': 'application/json' };
  const body = JSON.stringify({ seededAccount: 'admin' });
  const signed = await fetch(new URL(apiPaths.session, origin), { method: 'POST', headers, body });
  const cookie = signed.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const list = await fetch(new URL(apiPaths.instances, origin), { headers: { ...headers, cookie } });
  return instanceListSchema.parse(await list.json()).instances;
}
