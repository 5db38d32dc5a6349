import { copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { packagedAgent } from '@moru/hosts';
import { imageForTests, imageForTestsMs } from '@moru/hosts/testing/machine-image';
import { networks } from '@moru/stack';
import { apiPaths, hostSchema, issuedTokenSchema, printFingerprint } from '@moru/types';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { makeAuthority } from '../src/testing/certificates.ts';
import { makeConsoleDeb, readConsolePackage } from './contents.ts';
import { makeMirror } from './testing/mirror.ts';
import { blocksOf } from './testing/page.ts';
import { type Servers, soon, startServers } from './testing/servers.ts';

const stamp = { seconds: 1_767_225_600 };
/** Machines of the embedded cloud: two consoles in one network, the database and the balancer in another, a host. */
const first = 'web-01';
const second = 'batch-01';
const middle = 'db-01';
const host = 'web-02';
const at = { [first]: '198.168.0.10', [second]: '198.168.0.31', [middle]: '10.10.0.21' };
const name = 'moru.example.com';
const password = 'p@ss/w:rd?#%';
const consoleEnv = 'etc/moru-console/console.env';

let missing: string | undefined;
let servers: Servers;
let mirror: string;

beforeAll(async () => {
  const { image, missing: reason } = await imageForTests();
  missing = reason;
  if (missing) return;
  [servers, mirror] = await Promise.all([
    startServers('installation'),
    makeMirror(image, ['sudo', 'nginx', 'libnginx-mod-stream', 'postgresql', 'openssl']),
  ]);
}, imageForTestsMs);
afterAll(() => servers?.close());
beforeEach(({ skip }) => skip(missing !== undefined, missing));

const place = (machine: string, path: string) => join(`/proc/${servers.pidOf(machine)}/root`, path);

/** What whoever reads the page has: a machine with apt and its mirror, sudo, and an account that may use it. */
async function furnish(machine: string) {
  await cp(mirror, place(machine, 'srv/mirror'), { recursive: true });
  // opens a settings file, and writes what the reader wants into the lines that are there for it
  const editor = `#!/bin/sh
    awk '{ key = $0; sub(/^#/, "", key); key = substr(key, 1, index(key, "=") - 1) }
      NR == FNR { wanted[key] = $0; next }
      key in wanted { print wanted[key]; delete wanted[key]; next }
      { print }
      END { for (key in wanted) { print "no line for " key > "/dev/stderr"; exit 1 } }' ~/wanted "$1" > ~/edited
    cat ~/edited > "$1"\n`;
  await writeFile(place(machine, 'usr/local/bin/fill-in'), editor, { mode: 0o755 });
  await servers.sh(
    machine,
    `echo 'deb [trusted=yes] file:/srv/mirror ./' > /etc/apt/sources.list
     # the Y that a reader types
     printf 'APT::Get::Assume-Yes "true";\\nAPT::Install-Recommends "false";\\n' > /etc/apt/apt.conf.d/90reader
     apt-get update -qq
     apt-get install -qq sudo 2>&1
     useradd --create-home --shell /bin/bash reader
     echo 'reader ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/reader
     echo '${at[middle]} db.example.internal' >> /etc/hosts`,
  );
}

/** Gives commands as the page has them, one after the other; `input` is what a reader types when asked. */
async function give(machine: string, commands: string, input = '') {
  await writeFile(place(machine, 'home/reader/commands'), commands);
  const reader =
    'cd ~reader; setsid --wait runuser -u reader -- env HOME=/home/reader EDITOR=fill-in bash -euo pipefail commands 2>&1';
  return servers.sh(machine, reader, input);
}

/** What the reader's next edit writes: the last line of a name counts, and `#` before it switches it off. */
const want = (machine: string, lines: string[]) =>
  writeFile(place(machine, 'home/reader/wanted'), lines.map((line) => `${line}\n`).join(''));

async function set(machine: string, lines: string[]) {
  await want(machine, lines);
  await give(machine, `sudoedit /${consoleEnv}\n`);
}

/** Writes a file as its first line names it. */
async function write(machine: string, block: string) {
  const path = /^# (\/\S+)/.exec(block)?.[1];
  if (!path) throw new Error('a file without its name');
  await mkdir(dirname(place(machine, path)), { recursive: true });
  await writeFile(place(machine, path), block);
}

async function configure(machine: string, block: string) {
  await write(machine, block);
  await give(machine, 'sudo nginx -t\nsudo systemctl reload nginx\n');
}

it('installs the console behind nginx, then on PostgreSQL with a second one and a balancer, as the page says', {
  timeout: 900_000,
}, async () => {
  const { sh, folder } = servers;
  await Promise.all([servers.start(second), sh(first, 'systemctl disable --now web-server 2>&1')]);
  for (const machine of [first, second, middle, host]) await furnish(machine);
  const deb = await makeConsoleDeb({ ...(await readConsolePackage()), compression: 1 }, stamp, folder);
  const [, version = '', architecture = ''] = basename(deb, '.deb').split('_');
  for (const machine of [first, second]) await copyFile(deb, place(machine, `home/reader/${basename(deb)}`));
  const authority = await makeAuthority(folder, 'browsers');
  const { certificate, key } = await authority.issue('moru', { commonName: name, dnsName: name });
  await writeFile(join(folder, 'browsers.pem'), authority.certificate);

  // the console
  const [install = '', settings = '', journal = ''] = await blocksOf('The console', {
    VERSION: version,
    ARCH: architecture,
    '10.0.0.5': at[first],
  });
  const own = Object.entries({ ...servers.cloud, MORU_CONFIG_URL: '' }).map(
    ([each, value]) => `${each}=${value}`,
  );
  await want(first, [...settings.trim().split('\n'), ...own]);
  await give(first, install);
  expect(await give(first, journal)).toContain('moru-console');

  // nginx
  const [packages = '', proxy = '', reload = ''] = await blocksOf('TLS and the reverse proxy');
  const equip = async (machine: string, configuration: string) => {
    await give(machine, packages);
    await mkdir(place(machine, 'etc/ssl/private'), { recursive: true });
    await writeFile(place(machine, `etc/ssl/${name}.pem`), certificate);
    await writeFile(place(machine, `etc/ssl/private/${name}.key`), key, { mode: 0o600 });
    await configure(machine, configuration);
  };
  await equip(first, proxy);
  await give(first, reload);
  const visit = (machine: keyof typeof at) =>
    servers.browser(`https://${name}`, [
      ...['--cacert', join(folder, 'browsers.pem')],
      ...['--resolve', `${name}:443:${at[machine]}`],
    ]);
  const ready = (ask: ReturnType<typeof visit>) =>
    vi.waitFor(async () => expect(await ask('GET', '/readyz')).toMatchObject({ status: 200 }), soon);
  const alone = visit(first);
  await ready(alone);
  expect((await alone('GET', '/')).body).toContain('<div id="root">');
  const fromBrowser = { records: [{ actor: { address: networks.console.address } }] };
  let cookie = await servers.signIn(alone);
  expect((await alone('GET', '/api/audit?limit=1', { cookie })).body).toMatchObject(fromBrowser);

  // PostgreSQL
  const [database = '', other = '', balancer = '', unit = '', restart = ''] = await blocksOf(
    'PostgreSQL, and two consoles',
    {
      '10.0.0.0/24': '198.168.0.0/24',
      '10.0.0.5': at[first],
      '10.0.0.6': at[second],
    },
  );
  await give(middle, database, `${password}\n${password}\n`);
  const shared = [
    '#MORU_DATA=/var/lib/moru-console',
    `DATABASE_URL=postgresql://moru:${encodeURIComponent(password)}@db.example.internal/moru`,
    `MORU_ENROLMENT_URL=https://${at[middle]}:7444`,
  ];
  await set(first, [...shared, other.trim()]);
  await give(first, 'sudo systemctl restart moru-console\n');
  await ready(alone);
  expect((await alone('GET', '/api/audit?limit=1', { cookie })).status).toBe(401);

  // a second console
  await give(second, install.split('\n').slice(0, 1).join('\n'));
  await sh(first, `tar -C /etc/moru-console -cf /run/settings.tar secret.key identity.env console.env`);
  await copyFile(place(first, 'run/settings.tar'), place(second, 'run/settings.tar'));
  await sh(second, 'tar -C /etc/moru-console -xf /run/settings.tar');
  expect(
    await sh(second, 'stat -c "%a %U:%G" /etc/moru-console/secret.key /etc/moru-console/console.env'),
  ).toBe('640 root:moru-console\n640 root:moru-console\n');
  await set(second, [other.trim().replace(at[second], at[first])]);
  await give(second, 'sudo systemctl start moru-console\n');
  const behind = proxy.replace(
    'listen 443 ssl;',
    `listen 443 ssl proxy_protocol;\n    set_real_ip_from ${at[middle]};`,
  );
  await equip(second, behind);
  await configure(first, behind);
  for (const machine of [first, second]) {
    await write(machine, unit);
    await give(machine, restart);
  }
  await give(middle, packages.split('\n').slice(0, 1).join('\n'));
  await configure(middle, `# /etc/nginx/modules-enabled/90-moru.conf\n${balancer}`);
  const ask = visit(middle);
  await ready(ask);
  cookie = await servers.signIn(ask);
  expect((await ask('GET', '/api/audit?limit=1', { cookie })).body).toMatchObject(fromBrowser);

  // a host
  const { deb: agent } = await packagedAgent();
  await sh(host, 'dpkg --purge moru-agent 2>&1');
  await copyFile(agent, place(host, `home/reader/${basename(agent)}`));
  const id = servers.idOf(host);
  const issued = await ask('POST', apiPaths.hostTokens(id), { cookie, body: { minutes: 10 } });
  const { token, installCommand, enrolCommand } = issuedTokenSchema.parse(issued.body);
  const [enrol = ''] = await blocksOf('A host', {
    VERSION: basename(agent).split('_')[1] ?? '',
    '10.0.0.5': at[middle],
    TOKEN: token,
  });
  expect(`${installCommand}\n${enrolCommand}\n`).toBe(enrol);
  const enrolling = give(host, enrol);
  const approve = async () => {
    const { body } = await ask('GET', apiPaths.host(id), { cookie });
    const { waiting } = hostSchema.parse(body);
    const approval = { cookie, body: { fingerprint: waiting?.fingerprint } };
    expect(await ask('POST', apiPaths.hostApproval(id), approval)).toMatchObject({ status: 200 });
    return printFingerprint(waiting?.fingerprint ?? '');
  };
  const [said, fingerprint] = await Promise.all([enrolling, vi.waitFor(approve, soon)]);
  expect(said).toContain(fingerprint);
  expect(said).toContain(`Enrolled as instance ${id}`);
  expect(said).toContain('The agent answers with the new certificate.');
  const rules = () =>
    vi.waitFor(async () => {
      const answer = await ask('GET', `${apiPaths.firewall(id)}?family=ipv4`, { cookie });
      expect(answer).toMatchObject({ status: 200, body: { sshguard: { chain: true } } });
    }, soon);
  await rules();

  // either may stop, and is asked again when it is back
  const answered = (machine: string) => sh(machine, 'journalctl -u moru-console | grep -c /readyz || :');
  for (const machine of [first, second]) {
    await give(machine, 'sudo systemctl stop moru-console\n');
    for (let count = 0; count < 6; count += 1) {
      expect((await ask('GET', '/readyz')).status).toBe(200);
      await rules();
    }
    const before = await answered(machine);
    await give(machine, 'sudo systemctl start moru-console\n');
    // nobody is sent to it before it answers
    for (let asked = 0; (await answered(machine)) === before; asked += 1) {
      expect(asked).toBeLessThan(500);
      expect((await ask('GET', '/readyz')).status).toBe(200);
    }
  }
});
