import { packagedAgent } from '@moru/hosts';
import { imageForTests, imageForTestsMs } from '@moru/hosts/testing/machine-image';
import { apiPaths, issuedTokenSchema } from '@moru/types';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { makeConsoleDeb, readConsolePackage } from './contents.ts';
import { blocksOf } from './testing/page.ts';
import { type Servers, soon, startServers } from './testing/servers.ts';

const stamp = { seconds: 1_767_225_600 };
const next = '9.0.0';
/** db-01 of the embedded cloud is the server, web-01 the host */
const server = 'http://10.10.0.21:4480';

let missing: string | undefined;
let servers: Servers;

beforeAll(async () => {
  missing = (await imageForTests()).missing;
  if (!missing) servers = await startServers('console-deb');
}, imageForTestsMs);
afterAll(() => servers?.close());
beforeEach(({ skip }) => skip(missing !== undefined, missing));

it('installs, starts, enrols a host, survives an upgrade and a reboot, and goes without a trace', {
  timeout: 600_000,
}, async () => {
  const { sh, pidOf, installDeb, folder } = servers;
  const ask = servers.browser(server);
  const deb = await makeConsoleDeb({ ...(await readConsolePackage()), compression: 1 }, stamp, folder);
  const later = await makeConsoleDeb(
    { ...(await readConsolePackage({ version: next })), compression: 1 },
    stamp,
    folder,
  );

  expect(await installDeb('db-01', deb)).toContain('Set it up in /etc/moru-console/console.env');
  expect(await sh('db-01', 'systemctl is-enabled moru-console; systemctl is-active moru-console || :')).toBe(
    'enabled\ninactive\n',
  );
  expect(await sh('db-01', 'stat -c "%a %U:%G" /etc/moru-console/secret.key')).toBe(
    '640 root:moru-console\n',
  );
  const key = await sh('db-01', 'cat /etc/moru-console/secret.key');
  expect(key).toMatch(/^[0-9a-f]{64}$/);

  const settings = {
    MORU_PUBLIC_URL: server,
    MORU_BFF_SOCKET: '',
    MORU_BFF_LISTEN: new URL(server).host,
    ...servers.cloud,
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

  let cookie = await servers.signIn(ask);
  const host = servers.idOf('web-01');
  const token = await ask('POST', apiPaths.hostTokens(host), {
    cookie,
    body: { approval: 'automatic', minutes: 10 },
  });
  const { server: door, token: once } = issuedTokenSchema.parse(token.body);
  // a host that no console knows yet
  await sh('web-01', 'dpkg --purge moru-agent 2>&1');
  await installDeb('web-01', (await packagedAgent()).deb);
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
    if (command.startsWith('apt install ')) await installDeb('db-01', later);
    else await sh('db-01', command);
  }
  await ready();
  await rules();
  expect(await sh('db-01', 'dpkg --status moru-console')).toContain(`Version: ${next}`);
  expect(await sh('db-01', 'cat /etc/moru-console/secret.key')).toBe(key);

  for (const command of await documented('Backup and restore')) await sh('db-01', command);
  await ready();
  cookie = await servers.signIn(ask);
  await rules();

  // the server first, then the host: each comes back with what it was told to keep
  for (const name of ['db-01', 'web-01']) {
    const leader = pidOf(name);
    // it may be gone before it says so
    await sh(name, 'systemctl reboot').catch(() => '');
    await vi.waitFor(() => expect(pidOf(name)).not.toBe(leader), soon);
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

/** The commands below a heading of the installation page as root gives them: these machines have no sudo. */
async function documented(heading: string): Promise<string[]> {
  const [block = ''] = await blocksOf(heading);
  const commands = block.trim().split('\n');
  expect(commands.every((command) => command.startsWith('sudo '))).toBe(true);
  return commands.map((command) => command.slice('sudo '.length));
}
