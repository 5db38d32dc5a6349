import { expect, test } from 'vitest';
import { type DescribedPacket, judge } from './judge.ts';

const text = `*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:web - [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m tcp --dport 80 -j web
-A INPUT -p tcp -m tcp --dport 25 -m limit --limit 1/sec -j ACCEPT
-A web -s 10.0.0.0/8 -j REJECT --reject-with tcp-reset
-A web -j ACCEPT
COMMIT
`;
const ssh: DescribedPacket = {
  ...{ path: 'input', source: '198.51.100.7', destination: '198.168.0.10', protocol: 'tcp' },
  ...{ sourcePort: '', destinationPort: '22', inInterface: 'eth0', outInterface: '', state: 'NEW' },
};
const ask = (packet: Partial<DescribedPacket>) =>
  judge({ text, family: 'ipv4', backend: 'legacy', packet: { ...ssh, ...packet } });
const stepsOf = (answer: ReturnType<typeof judge>) =>
  answer.ways?.[0]?.steps.map(({ chain, number, kind, then }) => [chain, number, kind, then]);

test('what no rule takes is decided by the policy', () => {
  const answer = ask({});
  expect(answer).toMatchObject({ verdict: 'drop', doubts: [] });
  expect(stepsOf(answer)?.at(-1)).toEqual(['INPUT', 5, 'policy', 'drop']);
});

test('the way leads through other chains, to the rule that decides', () => {
  const rejected = ask({ destinationPort: '80', source: '10.1.2.3' });
  expect(rejected).toMatchObject({ verdict: 'reject', ways: [{ rejectWith: 'tcp-reset' }] });
  expect(stepsOf(rejected)).toEqual([
    ['INPUT', 3, 'rule', 'jump'],
    ['web', 1, 'rule', 'target'],
  ]);
  expect(ask({ destinationPort: '80' })).toMatchObject({ verdict: 'accept' });
  expect(ask({ state: 'ESTABLISHED' })).toMatchObject({ verdict: 'accept' });
});

test('what cannot be judged is told with both ends', () => {
  const limited = ask({ destinationPort: '25' });
  expect(limited).toMatchObject({ verdict: 'unknown', doubts: [{ number: 4, conditions: ['limit'] }] });
  expect(limited.ways?.map(({ verdict }) => verdict).sort()).toEqual(['accept', 'drop']);
  // nobody said where it comes from
  expect(ask({ destinationPort: '80', source: '' })).toMatchObject({ verdict: 'unknown' });
});

test('each wrong field is told', () => {
  const wrong = { source: '10.0.0.300', destinationPort: '70000', inInterface: 'abcdefghijklmnopqrst' };
  expect(ask(wrong).errors).toEqual({
    source: 'address.invalid',
    destinationPort: 'port.invalid',
    inInterface: 'interface.length',
  });
});
