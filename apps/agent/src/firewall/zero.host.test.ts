import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHost, type TestBackend, type TestHost } from '../testing/host.ts';

const rules = `*filter
:INPUT ACCEPT [7000000:700000000]
:FORWARD DROP [8000000:800000000]
:OUTPUT ACCEPT [9000000:900000000]
:sshguard - [0:0]
:web - [0:0]
[1000000:10] -A INPUT -j sshguard
[2000000:20] -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
[3000000:30] -A INPUT -p tcp -m tcp --dport 80 -j web
[4000000:40] -A sshguard -s 192.0.2.66/32 -j DROP
[5000000:50] -A web -j ACCEPT
[6000000:60] -A FORWARD -j web
COMMIT
`;
/** Packets in millions: the test's own requests to the host are counted as well, and are a few hundred. */
const inMillions = (text: string) =>
  text
    .split('\n')
    .filter((line) => /^[:[]/.test(line))
    .map((line) => line.replace(/\[(\d+):\d+\]/, (_all, packets) => `[${Math.floor(Number(packets) / 1e6)}]`))
    .toSorted();
const ssh = { number: 2, text: '-p tcp -m tcp --dport 22 -j ACCEPT' };

describe.each<TestBackend>(['legacy', 'nft'])('counters to zero with %s', (backend) => {
  let host: TestHost;

  const zero = (chain: string | null, rule: { number: number; text: string } | null = null) =>
    host.client('POST', '/v1/firewall/zero', { family: 'ipv4', table: 'filter', chain, rule });
  const saved = async () => inMillions((await host.run('iptables-save', ['-c', '-t', 'filter'])).stdout);
  /** what was loaded, with counters at zero where `match` fits */
  const loaded = (match: RegExp) =>
    inMillions(rules)
      .map((line) => (match.test(line) ? line.replace(/\[\d+\]/, '[0]') : line))
      .toSorted();

  beforeAll(async () => {
    host = await startHost(backend);
  });
  afterAll(() => host.stop());
  beforeEach(async () => {
    expect(await host.run('iptables-restore', ['-c'], rules)).toMatchObject({ exitCode: 0 });
  });

  it('of one rule: every other one keeps its own', async () => {
    const { status, body } = await zero('INPUT', ssh);
    expect(status).toBe(200);
    expect(body).toMatchObject({ family: 'ipv4', tables: expect.any(Array) });
    expect(await saved()).toEqual(loaded(/dport 22/));
  });

  it('of a chain, with its policy', async () => {
    expect(await zero('INPUT')).toMatchObject({ status: 200 });
    expect(await saved()).toEqual(loaded(/INPUT/));
    expect(await zero('web')).toMatchObject({ status: 200 });
    expect(await saved()).toEqual(loaded(/INPUT|-A web/));
  });

  it('of a table: SSHGUARD keeps its own', async () => {
    expect(await zero(null)).toMatchObject({ status: 200 });
    expect(await saved()).toEqual(loaded(/^:|INPUT|FORWARD|-A web/));
  });

  it.each([
    ['another program’s chain', 'sshguard', null, 'chain.foreign'],
    ['a chain that is not there', 'gone', null, 'chain.notFound'],
    ['another rule at that number', 'INPUT', { ...ssh, number: 3 }, 'rule.notFound'],
    ['a number past the end', 'INPUT', { ...ssh, number: 9 }, 'rule.notFound'],
    ['a rule without its chain', null, ssh, 'input.invalid'],
  ])('refuses %s, and nothing is touched', async (_title, chain, rule, code) => {
    expect((await zero(chain, rule)).body).toMatchObject({ code });
    expect(await saved()).toEqual(loaded(/^$/));
  });
});
