import { agentProblemSchema } from '@moru/types';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeBackends } from '../testing/describe-backends.ts';
import { startHost, type TestHost } from '../testing/host.ts';
import { shortWait, type TrialClient, trialClient, until } from '../testing/trial-client.ts';

const savedFile = '/etc/iptables.rules';
const ssh = '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT';
const image = [':INPUT ACCEPT [0:0]', '-A INPUT -p tcp -m tcp --dport 7443 -j ACCEPT'];

describeBackends('a full disk on a host with %s', (backend) => {
  let host: TestHost;
  let trial: TrialClient;
  let old: string;

  const run = async (program: string, ...args: string[]) => {
    const result = await host.run(program, args);
    expect(result).toMatchObject({ exitCode: 0 });
    return result.stdout;
  };
  /** A file system of its own on the folder while `act` runs. */
  const withDisk = async (folder: string, options: string, act: () => Promise<void>) => {
    await run('mkdir', '-p', folder);
    await run('mount', '-t', 'tmpfs', '-o', options, 'tmpfs', folder);
    try {
      await act();
    } finally {
      await until(30_000, async () => (await host.run('umount', [folder])).exitCode === 0);
    }
  };

  beforeAll(async () => {
    host = await startHost(backend, shortWait);
    trial = trialClient(host);
  });
  afterAll(() => host.stop());
  beforeEach(async () => {
    await host.run('iptables-restore', [], ['*filter', ...image, 'COMMIT', ''].join('\n'));
    old = await trial.rules();
  });

  it('F16: with room for so many blocks: refused with the rules untouched, or applied and taken back', async () => {
    const outcomes: string[] = [];
    // a file takes a block at least: the first writes fail, then later ones, then none
    for (const blocks of [1, 3, 6, 8, 9, 10, 11, 12, 16]) {
      await withDisk(trial.trials, `size=${blocks * 4}k`, async () => {
        const { status, body } = await trial.start([...image, ssh]);
        const code = agentProblemSchema.safeParse(body).data?.code;
        outcomes.push(code ?? body.state);
        if (status === 201) expect((await trial.revert(body.id)).body.state).toBe('reverted');
        expect(await trial.rules()).toBe(old);
        const left = (await trial.folders('')).filter((name) => /^(armed|pending\/|reverting)/.test(name));
        expect(left).toEqual([]);
      });
    }
    expect(outcomes).toContain('host.failed');
    expect(outcomes.at(-1)).toBe('applied');
  });

  it('F16: full when a change is confirmed: it stays, what could not be written is told, the old file is whole', async () => {
    const first = (await trial.start([...image, ssh], { save: true })).body;
    expect((await trial.confirm(first.id, first.secret)).body.confirmed.saved).toEqual(['ipv4']);
    const file = await run('cat', savedFile);
    const { body } = await trial.start(image, { save: true });
    expect(body.state).toBe('applied');
    await withDisk(`${host.folder}/generations`, 'size=4k', async () => {
      await host.run('dd', ['if=/dev/zero', `of=${host.folder}/generations/filler`]);
      await host.run('dd', ['if=/dev/zero', 'of=/etc/filler']);
      const answer = await trial.confirm(body.id, body.secret);
      expect(answer).toMatchObject({ status: 200, body: { state: 'confirmed' } });
      expect(answer.body.confirmed).toMatchObject({ saved: [], generation: null });
      expect(answer.body.confirmed.trouble).not.toBe('');
    });
    expect(await trial.rules()).toBe(old);
    expect(await run('cat', savedFile)).toBe(file);
    expect(await run('find', '/etc', '-name', '*.moru-new')).toBe('');
    const { exitCode } = await host.run('iptables-restore', ['--test'], file);
    expect(exitCode).toBe(0);
    await run('rm', '/etc/filler');
    const revision = await trial.revision();
    const saved = await host.client('POST', '/v1/firewall/save', { family: 'ipv4', revision });
    expect(saved).toMatchObject({ status: 200, body: { saved: { matches: true } } });
  });
});
