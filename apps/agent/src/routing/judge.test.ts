import { expect, it } from 'vitest';
import { judgeDefaults, judgeProblems } from './judge.ts';
import { losesWay } from './loses-way.ts';
import { planRoutes } from './plan.ts';
import { factsOf, routes4 } from './testing/facts.ts';

const codes = (facts: ReturnType<typeof factsOf>) =>
  judgeProblems(facts, 'ipv4').map(({ code, device, by }) =>
    [code, device, by].filter((word) => word !== null).join(' '),
  );

it('says which default gateway wins: the lowest metric, of equals the first', () => {
  const standing = (text: string) =>
    judgeDefaults(factsOf(text), 'ipv4').map(({ route, standing }) => `${route.device} ${standing}`);
  expect(standing(routes4)).toEqual(['eth0 wins', 'eth1 loses']);
  expect(standing(routes4.replace('metric 100', 'metric 200'))).toEqual(['eth0 loses', 'eth1 wins']);
});

it('IPv6 shares equal metrics', () => {
  const text =
    'unicast default table main proto boot scope global metric 100 pref medium\\\tnexthop via fd00::1 dev eth0 weight 1 \\\tnexthop via fd01::1 dev eth1 weight 1\n';
  expect(judgeDefaults(factsOf('', text), 'ipv6').map(({ standing }) => standing)).toEqual([
    'shares',
    'shares',
  ]);
});

it('names what is wrong', () => {
  expect(codes(factsOf())).toEqual(['severalDefaults', 'repliesElsewhere eth1 eth0']);
  expect(codes(factsOf(''))).toEqual(['noDefault']);
  const facts = factsOf('unicast default via 5.5.5.5 dev eth0 table main proto boot scope global onlink');
  const [eth0, eth1] = facts.interfaces;
  if (!eth0 || !eth1) throw new Error('no interfaces');
  eth0.carrier = false;
  eth1.reversePathFilter = 1;
  facts.rules.push({ family: 'ipv4', priority: 100, text: 'from 10.10.0.5 lookup 100' });
  expect(codes(facts)).toEqual([
    'policyRules',
    'gatewayOffLink eth0',
    'interfaceDown eth0',
    'repliesElsewhere eth1 eth0',
    'reversePathDrops eth1',
  ]);
});

it('T18: names who keeps, changes and loses the way', () => {
  const facts = factsOf();
  const peers = [
    { kind: 'console', address: '::ffff:203.0.113.7', local: '::ffff:10.10.0.5' },
    { kind: 'ssh', address: '10.10.0.77', local: '10.10.0.5' },
    { kind: 'dns', address: '198.168.0.53', local: null },
    { kind: 'given', address: '2001:db8::1', local: null },
  ] as const;
  const ways = (edits: Parameters<typeof planRoutes>[1]) => {
    const outcome = planRoutes(facts, edits);
    if ('errors' in outcome) throw new Error(JSON.stringify(outcome.errors));
    return losesWay(facts.routes, outcome.plan.wanted, peers, facts).map(
      ({ peer, way, asymmetric }) => `${peer.kind} ${way}${asymmetric ? ' asymmetric' : ''}`,
    );
  };
  const rest = ['ssh kept', 'dns kept', 'given none'];
  const keep = { type: 'keepDefault', family: 'ipv4' } as const;
  expect(ways([{ ...keep, gateway: '198.168.0.1', device: 'eth0' }])).toEqual([
    'console kept asymmetric',
    ...rest,
  ]);
  expect(ways([{ ...keep, gateway: '10.10.0.1', device: 'eth1' }])).toEqual(['console changed', ...rest]);
  const all = facts.routes.filter(({ destination }) => destination === 'default');
  expect(ways(all.map(({ specification }) => ({ type: 'delete', family: 'ipv4', specification })))).toEqual([
    'console lost',
    ...rest,
  ]);
  facts.rules.push({ family: 'ipv4', priority: 1, text: 'from all fwmark 0x1 lookup 100' });
  expect(ways([])).toEqual(['console unknown', 'ssh unknown', 'dns unknown', 'given none']);
});
