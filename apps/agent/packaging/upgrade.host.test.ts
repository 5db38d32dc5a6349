import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { imageForTestsMs } from '@moru/hosts/testing/machine-image';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { until } from '../src/testing/until.ts';
import { readContents } from './contents.ts';
import { makeDeb } from './deb.ts';
import { busyMs, openPark, type Park, type TestMachine } from './testing/park.ts';

/** A version that works for a moment, so that its heart beats, and then `ends` in its own way. */
const broken = {
  'ends at once': () => 'process.exit(1);',
  hangs: (code: string) => `${code}\nif (process.argv[2] === 'run') setTimeout(() => { for (;;); }, 1000);`,
  'runs out of memory': (code: string) =>
    `${code}\nconst kept = [];\nif (process.argv[2] === 'run') setInterval(() => kept.push(Array(1e6).fill(kept.length)), 5);`,
};

let park: Park | { missing: string };
let machine: TestMachine;
let folder: string;

beforeAll(async () => {
  park = await openPark();
  if (!('boot' in park)) return;
  folder = await mkdtemp(join(tmpdir(), 'moru-upgrade-'));
  machine = await park.boot('upgrade', 'nft');
  // minutes on a host; the heart beats every 5 s, and a busy machine may hold it up
  await machine.configure(
    'MORU_WATCH_PROVE_SECONDS=3',
    'MORU_WATCH_PATIENCE_SECONDS=12',
    'MORU_WATCH_LIMIT_SECONDS=25',
    'MORU_WATCH_SILENCE_SECONDS=10',
    'MORU_WATCH_PAUSE_SECONDS=1',
  );
  await machine.sh('systemctl restart moru-agent-watch');
}, imageForTestsMs);
afterAll(async () => {
  if (park && 'close' in park) await park.close();
  if (folder) await rm(folder, { recursive: true });
});
beforeEach(({ skip }) => {
  if ('missing' in park) skip(park.missing);
});

const proven = () => machine.sh('cat /var/lib/moru-kept/proven 2> /dev/null || :');
const installed = () => machine.sh('cat /usr/lib/moru-agent/build');
const running = () =>
  machine.sh('tr "\\\\0" "\\\\n" < /proc/$(systemctl show -p MainPID --value moru-agent)/cmdline');

async function upgrade(version: string, program?: string): Promise<void> {
  const contents = await readContents({ version, ...(program && { program }) });
  const deb = await makeDeb(contents, { seconds: 1_767_225_600 }, folder);
  const place = `/root/${basename(deb)}`;
  await machine.put(place, await readFile(deb));
  await machine.sh(`dpkg --force-confold --install ${place}`);
}

it('a version that keeps running is kept to go back to', { timeout: 90_000 }, async () => {
  await until(busyMs, async () => (await proven()) === (await installed()));
  expect(await running()).toContain('/usr/lib/moru-agent/moru-agent.mjs');
  await until(busyMs, async () => (await machine.property('moru-agent-watch', 'ActiveState')) === 'inactive');
});

it.each(Object.entries(broken))(
  'F23: an upgraded agent that %s is left for the version before',
  { timeout: 150_000 },
  async (_name, breakIt) => {
    const good = await proven();
    const program =
      (await readContents()).files.find(({ path }) => path.endsWith('moru-agent.mjs'))?.text ?? '';
    await upgrade('9.0.0', breakIt(program));
    expect(await installed()).not.toBe(good);
    await until(
      150_000,
      async () => (await machine.sh('cat /var/lib/moru-kept/refused || :')) === (await installed()),
    );
    await machine.answers();
    expect(await running()).toContain(`/var/lib/moru-kept/${good.trim()}/moru-agent.mjs`);
    expect(await machine.sh('journalctl -t moru-agent-watch -o cat')).toContain(
      `going back to ${good.trim()}`,
    );
    expect((await machine.run('moru-agent', ['status'])).stdout).toMatch(
      /^Version 9\.0\.0-\S+ is installed and did not work/m,
    );
    // the guard works with it as well
    const open = [':INPUT ACCEPT [0:0]', '-A INPUT -p tcp -m tcp --dport 82 -j ACCEPT'];
    const { body } = await machine.trial.start(open);
    expect(body).toMatchObject({ state: 'applied' });
    await machine.trial.revert(body.id);
    expect(await proven()).toBe(good);
  },
);

it('the next version gets its chance, and proves itself', { timeout: 120_000 }, async () => {
  await upgrade('9.0.1');
  await until(busyMs, async () => (await proven()) === (await installed()));
  await machine.answers();
  expect(await running()).toContain('/usr/lib/moru-agent/moru-agent.mjs');
  expect(await machine.sh('ls /var/lib/moru-kept')).not.toContain('refused');
  expect((await machine.run('moru-agent', ['status'])).stdout).not.toContain('did not work');
});
