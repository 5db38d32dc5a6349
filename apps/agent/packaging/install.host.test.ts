import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { imageForTestsMs } from '@moru/hosts/testing/machine-image';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { cutOff } from '../src/testing/trial-client.ts';
import { until } from '../src/testing/until.ts';
import { makeArchive, writeInstaller } from './archive.ts';
import { readContents } from './contents.ts';
import { makeDeb } from './deb.ts';
import { testNodes } from './testing/nodes.ts';
import { busyMs, openPark, type Park, type TestMachine } from './testing/park.ts';

let park: Park | { missing: string };
let machine: TestMachine;
let folder: string;
/** the version of this checkout, and one that comes after it */
let deb: string;
let nextDeb: string;
const stamp = { seconds: 1_767_225_600 };
const next = '9.0.0';
/** Debian 12's own is 18.19 */
const [oldest] = testNodes();

beforeAll(async () => {
  park = await openPark(oldest?.missing ? undefined : oldest?.program);
  if (!('boot' in park)) return;
  folder = await mkdtemp(join(tmpdir(), 'moru-install-'));
  deb = await makeDeb(await readContents(), stamp, folder);
  nextDeb = await makeDeb(await readContents({ version: next }), stamp, folder);
  machine = await park.boot('install', 'legacy');
}, imageForTestsMs);
afterAll(async () => {
  if (park && 'close' in park) await park.close();
  if (folder) await rm(folder, { recursive: true });
});
beforeEach(({ skip }) => {
  if ('missing' in park) skip(park.missing);
});

async function send(path: string): Promise<string> {
  const place = `/root/${basename(path)}`;
  await machine.put(place, await readFile(path));
  return place;
}
const dpkg = async (path: string) => machine.sh(`dpkg --force-confold --install ${await send(path)}`);
/** What a package or a script may have left anywhere but in /root and in the journal. */
const everything = () =>
  machine.sh(`find / -xdev \\( -path /root -o -path /var/log -o -path /proc -o -path /sys -o -path /tmp \\
    -o -path /var/cache -o -path '/var/lib/dpkg/*' -o -path '/run/*' -o -path '/var/lib/systemd/*' -o -path '/etc/*-' \\
    -o -path /etc/.pwd.lock -o -path '/var/tmp/*' \\) -prune -o -print | sort`);
const gone = 'test ! -e /etc/moru && test ! -e /var/lib/moru && ! getent passwd moru-agent';

it('the same sources give the same bytes, and the package holds what it says', async () => {
  const again = await mkdtemp(join(folder, 'again-'));
  const contents = await readContents();
  expect(await readFile(await makeDeb(contents, stamp, again))).toEqual(await readFile(deb));
  const archive = await readFile(await makeArchive(contents, stamp, again));
  expect(await readFile(await makeArchive(await readContents(), stamp, folder))).toEqual(archive);
  const other = await makeDeb(contents, { seconds: stamp.seconds + 1 }, again);
  expect(await readFile(other)).not.toEqual(await readFile(deb));
  expect(await machine.sh('dpkg --verify moru-agent')).toBe('??5?????? c /etc/moru/agent.conf\n');
});

it('removed and purged: nothing is left, and installed anew it waits to be enrolled', {
  timeout: 120_000,
}, async () => {
  await machine.trial.start(cutOff);
  const cut = await machine.trial.rules();
  const removed = await machine.sh('dpkg --remove moru-agent 2>&1');
  expect(removed).toContain('the rules that run stay as they are');
  // a change on trial is taken back first: nobody could take it back later
  expect(await machine.trial.rules()).not.toBe(cut);
  expect(await machine.sh('systemctl list-units --all --no-legend --plain "moru*"')).toBe('');
  expect(await machine.sh('ls /etc/moru /var/lib/moru')).toContain('agent.conf');
  await machine.sh('dpkg --purge moru-agent');
  await machine.sh(gone);

  const clean = await everything();
  expect(await dpkg(deb)).toContain('moru-agent enrol --help');
  expect(await everything()).not.toBe(clean);
  await until(busyMs, async () =>
    (await machine.sh('journalctl -b -t moru-agent -o cat')).includes('listens'),
  );
  expect((await machine.run('moru-agent', ['status'])).stdout).toContain('Not enrolled');
  expect((await machine.run('moru-agent', ['--version'])).stdout).toContain(`Node ${oldest?.version}`);
  await machine.sh('dpkg --purge moru-agent');
  expect(await everything()).toBe(clean);
});

it('an upgrade leaves settings, what was switched off, and a change on trial to its guard', {
  timeout: 120_000,
}, async () => {
  await dpkg(deb);
  await machine.enrol();
  await machine.configure('MORU_AGENT_MIN_WAIT_SECONDS=1');
  const before = await machine.trial.rules();
  const { body } = await machine.trial.start(cutOff, { waitSeconds: 600 });
  expect(body.state).toBe('applied');
  const guard = await machine.trial.guardPid();
  await machine.sh('systemctl disable --quiet moru-agent-restore');
  expect(await dpkg(nextDeb)).toContain('a change of rules waits to be confirmed');
  expect(await machine.trial.guardPid()).toBe(guard);
  expect(await machine.trial.rules()).not.toBe(before);
  // an agent that starts past the deadline would be the first to put the rules back
  await until(busyMs, async () => (await machine.sh('ss -Hltn sport = :7443')) !== '');
  await machine.trial.expireIn(1);
  await until(busyMs, async () => (await machine.trial.rules()) === before);
  await machine.answers();
  expect((await machine.trial.find(body.id)).body.reverted).toMatchObject({ reason: 'expired', by: 'guard' });
  expect(await machine.sh('cat /etc/moru/agent.conf')).toContain('\nMORU_AGENT_MIN_WAIT_SECONDS=1\n');
  expect((await machine.run('systemctl', ['is-enabled', 'moru-agent-restore'])).stdout).toBe('disabled\n');
  expect(await machine.sh('systemctl is-active moru-agent moru-guard.path moru-files.socket')).toBe(
    'active\n'.repeat(3),
  );
  await machine.sh('systemctl enable --quiet moru-agent-restore');
  await machine.sh('dpkg --purge moru-agent');
});

it('T20: install.sh takes an archive by its sum only; installs, upgrades, removes and purges', {
  timeout: 180_000,
}, async () => {
  const installer = await send(await writeInstaller(folder));
  const archive = await send(await makeArchive(await readContents(), stamp, folder));
  const later = await send(await makeArchive(await readContents({ version: next }), stamp, folder));
  const script = (...args: string[]) => machine.run('sh', [installer, ...args]);
  const sumOf = async (path: string) => (await machine.sh(`sha256sum < ${path}`)).slice(0, 64);
  const clean = await everything();
  const sum = await sumOf(archive);

  expect(await script()).toMatchObject({ exitCode: 2 });
  expect(await script('--remove')).toMatchObject({ exitCode: 1 });
  expect(await script('--sha256', 'abc', archive)).toMatchObject({ exitCode: 1 });
  const tampered = `${archive}.tampered`;
  await machine.sh(
    `cp ${archive} ${tampered} && printf x | dd of=${tampered} bs=1 seek=5000 conv=notrunc status=none`,
  );
  const refused = { exitCode: 1, stderr: expect.stringContaining('Nothing was installed') };
  expect(await script('--sha256', sum, tampered)).toMatchObject(refused);
  expect(await script('--sha256', sum, later)).toMatchObject(refused);
  expect(await everything()).toBe(clean);

  expect(await script('--sha256', sum, archive)).toMatchObject({ exitCode: 0 });
  await machine.enrol();
  await machine.answers();
  await machine.configure('MORU_AGENT_MIN_WAIT_SECONDS=1');
  expect(await machine.sh('systemctl is-enabled moru-agent moru-agent-restore')).toBe('enabled\nenabled\n');
  const { body } = await machine.trial.start([':INPUT ACCEPT [0:0]', '-A INPUT -p tcp --dport 81 -j ACCEPT']);
  expect(body.state).toBe('applied');
  await machine.trial.revert(body.id);

  await machine.sh('echo left > /usr/lib/moru-agent/of-an-earlier-version');
  await machine.sh('echo ./usr/lib/moru-agent/of-an-earlier-version >> /usr/lib/moru-agent/files.list');
  await machine.sh('sort -o /usr/lib/moru-agent/files.list /usr/lib/moru-agent/files.list');
  expect(await script('--sha256', await sumOf(later), later)).toMatchObject({ exitCode: 0 });
  await machine.answers();
  expect(await machine.sh('cat /usr/lib/moru-agent/build')).toContain(next);
  expect(await machine.sh('cat /etc/moru/agent.conf')).toContain('\nMORU_AGENT_MIN_WAIT_SECONDS=1\n');
  await machine.sh('test ! -e /usr/lib/moru-agent/of-an-earlier-version');

  expect(await script('--remove')).toMatchObject({ exitCode: 0 });
  await machine.sh('test ! -e /usr/lib/moru-agent && test -e /var/lib/moru');
  expect(await script('--purge')).toMatchObject({ exitCode: 0 });
  await machine.sh(gone);
  expect(await everything()).toBe(clean);
  await dpkg(deb);
  expect(await script('--sha256', sum, archive)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('the .deb is installed'),
  });
});
