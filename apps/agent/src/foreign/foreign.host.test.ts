import { type FirewallState, firewallStateSchema } from '@moru/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHost, type TestHost } from '../testing/host.ts';
import { shortWait, trialClient, until } from '../testing/trial-client.ts';

let host: TestHost;
beforeAll(async () => {
  host = await startHost('legacy', shortWait);
  for (const chain of ['vpn', 'web', 'DOCKER']) await host.run('iptables', ['-N', chain]);
  await host.run('iptables', ['-A', 'INPUT', '-j', 'vpn']);
  await host.run('iptables', ['-A', 'vpn', '-s', '192.0.2.1', '-j', 'DROP']);
  await until(20_000, async () => (await host.client('GET', '/v1/watch')).body.ipv4?.rules === 2);
});
afterAll(() => host.stop());

const state = async (): Promise<FirewallState> =>
  firewallStateSchema.parse((await host.client('GET', '/v1/firewall?family=ipv4')).body);
const ownersIn = ({ tables }: FirewallState) =>
  Object.fromEntries(
    tables.flatMap(({ name, chains }) =>
      name === 'filter' ? chains.map((chain) => [chain.name, chain.program ?? chain.owner]) : [],
    ),
  );
const mark = (chain: string, program: string | null) =>
  host.client('POST', '/v1/foreign-chains', { chain, program, author: 'kim' });
const append = async (chain: string) =>
  host.client('POST', '/v1/firewall/changes', {
    ...{ type: 'append', family: 'ipv4', table: 'filter', chain, rule: '-j DROP' },
    revision: (await state()).revision,
  });

it('knows chains by their names, and those that somebody has marked', async () => {
  expect(ownersIn(await state())).toMatchObject({ INPUT: 'moru', vpn: 'moru', DOCKER: 'docker' });
  expect(await append('DOCKER')).toMatchObject({ status: 403, body: { code: 'chain.foreign' } });
  expect((await append('web')).status).toBe(200);
  await until(20_000, async () => (await host.client('GET', '/v1/watch')).body.ipv4?.outside === false);

  const { status, body } = await mark('vpn', 'WireGuard 스크립트');
  expect(status).toBe(200);
  expect(body.chains).toMatchObject([{ chain: 'vpn', program: 'WireGuard 스크립트', author: 'kim' }]);
  expect(ownersIn(await state())).toMatchObject({ vpn: 'WireGuard 스크립트', web: 'moru' });
  expect(await append('vpn')).toMatchObject({ status: 403, body: { code: 'chain.foreign' } });
  // the rules are those that Moru has left, although their revision is another
  const { revision } = await state();
  const seen = await until(20_000, async () => {
    const { ipv4 } = (await host.client('GET', '/v1/watch')).body;
    return ipv4?.revision === revision && ipv4;
  });
  expect(seen.outside).toBe(false);
});

it('T19: a trial leaves a marked chain as it is, whatever its rules say, and so does its end', async () => {
  await mark('vpn', 'wireguard');
  const trial = trialClient(host);
  const chains = [
    ':INPUT ACCEPT [0:0]',
    ':vpn - [0:0]',
    '-A INPUT -j vpn',
    '-A INPUT -i lo -j ACCEPT',
    '-A vpn -j ACCEPT',
  ];
  const started = await trial.start(chains, { waitSeconds: 60, save: true });
  expect(started.body).toMatchObject({ state: 'applied' });
  expect(await mark('vpn', null)).toMatchObject({ status: 409, body: { code: 'trial.pending' } });
  await host.run('iptables', ['-A', 'vpn', '-s', '192.0.2.2', '-j', 'DROP']);
  const vpn = async () => (await trial.rules()).split('\n').filter((line) => line.startsWith('-A vpn'));
  const theirs = ['-A vpn -s 192.0.2.1/32 -j DROP', '-A vpn -s 192.0.2.2/32 -j DROP'];
  expect(await vpn()).toEqual(theirs);
  expect((await trial.confirm(started.body.id, started.body.secret)).status).toBe(200);
  const file = (await host.run('cat', ['/etc/iptables.rules'])).stdout;
  expect(file).toContain(':vpn - ');
  expect(file).not.toContain('-A vpn');
  expect(await vpn()).toEqual(theirs);
});

it('keeps marks over a new start, and takes them away again', async () => {
  await host.restartAgent();
  expect((await host.client('GET', '/v1/foreign-chains')).body.chains).toMatchObject([{ chain: 'vpn' }]);
  expect(ownersIn(await state())).toMatchObject({ vpn: 'wireguard' });
  expect((await mark('vpn', null)).body).toEqual({ chains: [] });
  expect(ownersIn(await state())).toMatchObject({ vpn: 'moru' });
});

it.each([
  ['INPUT', 'x', 400, 'input.invalid'],
  ['sshguard', 'x', 409, 'chain.known'],
  ['DOCKER-USER', null, 409, 'chain.known'],
  ['nowhere', 'x', 404, 'chain.notFound'],
  ['-F', 'x', 400, 'input.invalid'],
  ['vpn', 'a\nb', 400, 'input.invalid'],
  ['vpn', '', 400, 'input.invalid'],
])('refuses to mark %j as %j', async (chain, program, status, code) => {
  expect(await mark(chain, program)).toMatchObject({ status, body: { code } });
});
