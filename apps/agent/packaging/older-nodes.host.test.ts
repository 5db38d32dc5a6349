import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestBackend } from '../src/testing/host.ts';
import { startHost } from '../src/testing/host.ts';
import { cutOff, shortWait, trialClient } from '../src/testing/trial-client.ts';
import { until } from '../src/testing/until.ts';
import { bundleProgram } from './bundle.ts';
import { testNodes } from './testing/nodes.ts';

let folder: string;
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-bundle-'));
  program = join(folder, 'moru-agent.mjs');
  await writeFile(program, (await bundleProgram()).code);
});
afterAll(() => rm(folder, { recursive: true }));

const kept = [':INPUT ACCEPT [0:0]', '-A INPUT -s 192.0.2.0/24 -p tcp -m tcp --dport 80 -j ACCEPT'];

/** What a host is for, from the bundled program: confirm and save, cut off and come back, a reboot. */
async function serve(backend: TestBackend, node: string): Promise<void> {
  const guard = join(import.meta.dirname, '../guard/guard.sh');
  const start = [node, program];
  const settings = { ...shortWait, MORU_AGENT_GUARD: guard };
  const host = await startHost(backend, settings, 'folder', { agent: [...start, 'run'], command: start });
  try {
    const trial = trialClient(host);
    const { body } = await trial.start(kept, { save: true, waitSeconds: 30 });
    expect((await trial.confirm(body.id, body.secret)).body).toMatchObject({ state: 'confirmed' });
    const rules = await trial.rules();
    expect(rules).toContain('192.0.2.0/24');

    const cut = await trial.start(cutOff, { waitSeconds: 30 });
    expect(cut.body.state).toBe('applied');
    expect((await host.moruAgent(['status'])).stdout).toMatch(/waits to be confirmed/);
    expect(await host.moruAgent(['rollback'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/was reverted by the command/),
    });
    expect(await trial.rules()).toBe(rules);

    expect(await host.reboot()).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/file was loaded/),
    });
    await until(20_000, trial.reachable);
    expect(await trial.rules()).toBe(rules);
  } finally {
    await host.stop();
  }
}

for (const [index, { version, program: node, missing }] of testNodes().entries()) {
  const backend = index % 2 === 0 ? 'legacy' : 'nft';
  it.skipIf(missing)(`the bundled agent changes a host with ${backend} under Node ${version}`, () =>
    serve(backend, node),
  );
}
