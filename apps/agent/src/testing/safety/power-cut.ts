import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startBareHost, type TestBackend } from '../bare-host.ts';
import { fromSources, startHost, type TestHost } from '../host.ts';
import { childOf } from '../processes.ts';
import { shortWait, trialClient } from '../trial-client.ts';
import { copyDisk, makeDiskImage } from './disk-image.ts';
import { runRounds, type Tally } from './rounds.ts';

const savedFile = '/etc/iptables.rules';
const rulesOf = (round: number) => [
  ':INPUT ACCEPT [0:0]',
  '-A INPUT -p tcp -m tcp --dport 7443 -j ACCEPT',
  // of some length, so that a file that is cut off can be seen
  ...Array.from({ length: 40 }, (_, index) => `-A INPUT -s 10.${round}.${index}.0/24 -j ACCEPT`),
];

/**
 * So many changes that are confirmed and saved on a host whose power is cut at any moment of that: the agent stands
 * still, and the disk is copied as the device has it, without a flush. The copy is booted. A round holds when the
 * saved file is the old or the new one, whole, when the boot has loaded just that without an alarm, and when it is the
 * new one where the confirmation was answered before.
 */
export async function cutPowerWhileSaving(backend: TestBackend, rounds: number): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'moru-power-'));
  const image = join(folder, 'disk');
  const copy = join(folder, 'copy');
  await makeDiskImage(image);
  const host = await startHost(backend, shortWait, { image });
  try {
    let old = '';
    let usualMs = 0;
    /** Changes and saves; `during` happens meanwhile. */
    const save = async (number: number, during: (answered: () => boolean) => Promise<void>) => {
      const trial = trialClient(host);
      const { body } = await trial.start(rulesOf(number), { save: true });
      const asked = performance.now();
      let answeredAt = 0;
      const confirm = trial.confirm(body.id, body.secret).then((answer) => {
        answeredAt = performance.now();
        return answer;
      });
      await during(() => answeredAt > 0);
      assert.equal((await confirm).body.state, 'confirmed');
      usualMs ||= answeredAt - asked;
      return (await host.run('cat', [savedFile])).stdout;
    };
    old = await save(0, async () => {});
    return await runRounds(rounds, async (round) => {
      let wasAnswered = false;
      const next = await save(round + 1, async (answered) => {
        await delay(Math.random() * usualMs * 1.2);
        await halted(host, () => copyDisk(image, copy));
        wasAnswered = answered();
      });
      const found = await bootCopy(backend, copy, folder);
      const [before, isNew] = [old, found === next];
      old = next;
      assert.ok(isNew || found === before, `neither the old nor the new file:\n${found}`);
      assert.ok(isNew || !wasAnswered, 'what was confirmed is lost');
    });
  } finally {
    await host.stop();
    await rm(folder, { recursive: true });
  }
}

/** Nothing of the agent runs while `act` does. */
async function halted(host: TestHost, act: () => Promise<void>): Promise<void> {
  const pid = await childOf(host.agent.pid ?? 0);
  process.kill(pid, 'SIGSTOP');
  try {
    await act();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

/** What a boot from that disk makes of it: the text of the saved file, whose rules are then those that run. */
async function bootCopy(backend: TestBackend, image: string, folder: string): Promise<string> {
  const bootIdFile = join(folder, 'boot_id');
  await writeFile(bootIdFile, `${randomUUID()}\n`);
  const host = await startBareHost(backend, image);
  try {
    const settings = ['MORU_AGENT_STATE=/run/disk/state', `MORU_AGENT_BOOT_ID_FILE=${bootIdFile}`];
    const restored = await host.run('env', [...settings, ...fromSources.command, 'restore']);
    assert.equal(restored.exitCode, 0, restored.stdout + restored.stderr);
    const { stdout: text } = await host.run('cat', [savedFile]);
    const { stdout: running } = await host.run('iptables-save', []);
    const rules = (save: string) => save.match(/^-A .*/gm) ?? [];
    assert.ok(rules(text).length > 0, `no rules in the saved file: ${text}`);
    assert.deepEqual(rules(running), rules(text));
    return text;
  } finally {
    await host.stop();
  }
}
