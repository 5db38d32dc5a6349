import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Trial, trialSchema } from '@moru/types';
import { expect, it } from 'vitest';
import type { Answer } from '../testing/client.ts';
import { startHost, type TestHost } from '../testing/host.ts';
import { shortWait, type TrialClient, trialClient, until } from '../testing/trial-client.ts';

const tracked = '-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT';
const agentPort = '-A INPUT -p tcp -m tcp --dport 7443 -j ACCEPT';
const ssh = '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT';
const image = [':INPUT ACCEPT [0:0]', tracked, agentPort];

async function onHost(act: (host: TestHost, trial: TrialClient, before: string) => Promise<void>) {
  const host = await startHost('nft', shortWait);
  try {
    await host.run('iptables-restore', [], ['*filter', ...image, 'COMMIT', ''].join('\n'));
    const trial = trialClient(host);
    await act(host, trial, await trial.rules());
  } finally {
    await host.stop();
  }
}

const reverted = (find: () => Promise<Answer>): Promise<Trial> =>
  until(20_000, async () => {
    const { body } = await find();
    return body.state === 'reverted' && trialSchema.parse(body);
  });

it.concurrent.each([
  ['the host’s answers are lost', ['INPUT', '-i']],
  ['what is sent to the host is lost', ['OUTPUT', '-o']],
])(
  'F22: %s on the way: no confirmation arrives, the change is reverted, and one that comes late is none',
  async (_what, [chain = '', direction = '']) => {
    await onHost(async (host, trial, before) => {
      const { body } = await trial.start([...image, ssh]);
      expect(body.state).toBe('applied');
      // in the client's own network: the host and its rules know nothing of it
      await host.network.run('iptables-nft', ['-A', chain, direction, 'eth0', '-j', 'DROP']);
      const confirm = trial.confirm(body.id, body.secret);
      const answer = await Promise.race([confirm, delay(1_000, 'nothing')]);
      expect(answer).toBe('nothing');
      await trial.expireIn(0.5);
      await until(10_000, async () => (await trial.rules()) === before);
      await until(10_000, async () => (await trial.folders(body.id)).includes(`reverted-${body.id}.expired`));
      await host.network.run('iptables-nft', ['-F', chain]);
      expect(await confirm).toMatchObject({ status: 409, body: { code: 'trial.over' } });
      expect(await trial.rules()).toBe(before);
    });
  },
  90_000,
);

it.concurrent('F18: the table of connections is full: open ones go on, the change is reverted, and the record tells why', async () => {
  await onHost(async (host, trial, before) => {
    const open = await host.keptClient();
    expect(await open.client('GET', '/v1/version')).toMatchObject({ status: 200 });
    const { body } = await trial.start([...image, ssh]);
    expect(body.state).toBe('applied');
    const filler = join(import.meta.dirname, '../testing/fill-connections.py');
    // a connection that is idle for too long is ended, and no other one can be opened any more
    const used = setInterval(() => void open.client('GET', '/v1/version').catch(() => {}), 5_000);
    const { stdout, stderr } = await host.run('python3', [filler]).finally(() => clearInterval(used));
    const [kept, most] = stdout.trim().split(' ').map(Number);
    expect({ kept, stderr }).toEqual({ kept: most, stderr: '' });
    // the rules let it in; the kernel does not
    expect(await trial.rules()).toContain(agentPort);
    expect(await trial.reachable()).toBe(false);
    expect(await open.client('GET', '/v1/version')).toMatchObject({ status: 200 });
    await trial.expireIn(0.5);
    const ended = await reverted(() => open.client('GET', `/v1/trials/${body.id}`));
    expect(ended.reverted).toMatchObject({ reason: 'expired', connectionsFull: most });
    expect(await trial.rules()).toBe(before);
    open.close();
  });
}, 90_000);
