import { expect, test } from 'vitest';
import { lookAt } from './look.ts';

const save = (...lines: string[]) =>
  `*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${lines.map((line) => `${line}\n`).join('')}COMMIT\n`;

test('what is shadowed, what is wrong and what is open', () => {
  const text = save(
    '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
    '-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j DROP',
    '-A INPUT -j nowhere',
  );
  const look = lookAt({ text, family: 'ipv4', backend: 'legacy', otherRules: false });
  expect(look.shadows).toEqual({ 'filter INPUT': { 2: 1 } });
  expect(look.findings).toMatchObject([
    { chain: 'INPUT', index: 2, code: 'chain.missing', severity: 'error' },
  ]);
  expect(look.exposure).toMatchObject({ inputPolicy: 'DROP', openPorts: ['tcp/22'] });
});

test('a rule that cannot be read takes nothing down with it', () => {
  const look = lookAt({
    text: save('-A INPUT -p tcp --no-such'),
    family: 'ipv4',
    backend: 'nft',
    otherRules: false,
  });
  expect(look.findings.every(({ severity }) => severity === 'warning')).toBe(true);
});
