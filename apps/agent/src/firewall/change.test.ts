import { completeRuleSet, parseSave, printRule } from '@moru/netfilter';
import { type FirewallChange, ProblemError } from '@moru/types';
import { describe, expect, it } from 'vitest';
import { applyChange } from './apply.ts';
import { checkChange, decideEdit } from './change.ts';
import { revisionOf } from './revision.ts';
import type { Tools } from './tools.ts';

const set = completeRuleSet(
  parseSave(
    [
      '*filter',
      ':INPUT ACCEPT [0:0]',
      ':sshguard - [0:0]',
      '-A INPUT -j sshguard',
      '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
      'COMMIT',
      '',
    ].join('\n'),
  ),
);
const live = { set, hostile: false };
const place = { family: 'ipv4', revision: revisionOf(set), table: 'filter', chain: 'INPUT' } as const;
const append = (rule: string, more: Partial<FirewallChange> = {}) =>
  ({ ...place, type: 'append', rule, ...more }) as FirewallChange;
const remove = (number: number, rule: string) =>
  ({ ...place, type: 'delete', number, rule }) as FirewallChange;

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'fine';
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.code;
    throw error;
  }
}
const decide = (change: FirewallChange) => decideEdit(checkChange(change), live);

/** Stands for the host: whoever asks for a program has gone too far. */
const untouchable: Tools = {
  dumps: { max: 0, largest: 0 },
  of: () => {
    throw new Error('the host was touched');
  },
};

describe('checkChange', () => {
  it('turns text into a rule of our own print', () => {
    const { rule } = checkChange(append('-p tcp --dport 22   -j  ACCEPT -s 10/8'));
    expect(rule && printRule(rule)).toBe('-s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j ACCEPT');
  });

  it.each([
    ['-j ACCEPT\nCOMMIT', 'rule'],
    ['-p tcp --dport 70000 -j ACCEPT', 'rule.destinationPort'],
    ['-s 10.0.0.256 -j ACCEPT', 'rule.source'],
    ['-i interface-name-20-ch -j ACCEPT', 'rule.inInterface'],
    ['-o eth0 -j ACCEPT', 'rule.outInterface'],
    ['-m comment --comment "a\tb" -j ACCEPT', 'rule.comment'],
    // extensions that the grammar keeps as text
    ['-m geoip --source-country KR -j ACCEPT', 'rule'],
    ['-j TARPIT --honeypot', 'rule'],
  ])('T1, T2: refuses %j at its field, with the host untouched', async (rule, field) => {
    await expect(applyChange(untouchable, append(rule), '/nowhere')).rejects.toMatchObject({
      problem: { code: 'rule.invalid', fields: [{ field }] },
    });
  });

  it('lets through what is only doubtful', () => {
    expect(codeOf(() => checkChange(append('-d 0.0.0.0 -p tcp --dport 22 -j ACCEPT')))).toBe('fine');
  });

  it.each(['sshguard', 'f2b-sshd', 'DOCKER-USER', 'KUBE-SERVICES', 'ufw-user-input'])(
    'T19: never writes %s',
    async (chain) => {
      for (const change of [append('-j ACCEPT', { chain }), { ...remove(1, '-j DROP'), chain }]) {
        await expect(applyChange(untouchable, change, '/nowhere')).rejects.toMatchObject({
          problem: { code: 'chain.foreign' },
        });
      }
    },
  );
});

describe('decideEdit', () => {
  it('appends where the rules are those that the change was made from', () => {
    expect(decide(append('-j sshguard'))).toMatchObject({ type: 'append', chain: 'INPUT' });
    expect(codeOf(() => decide(append('-j ACCEPT', { revision: '0'.repeat(64) })))).toBe('revision.stale');
  });

  it('knows the chains of the host', () => {
    expect(codeOf(() => decide(append('-j ACCEPT', { chain: 'other' })))).toBe('chain.notFound');
    expect(codeOf(() => decide(append('-j other')))).toBe('rule.invalid');
  });

  it.each([
    [1, '-j sshguard', 'fine'],
    [2, '-p tcp -m tcp --dport 22 -j ACCEPT', 'fine'],
    [2, '--protocol 6 --dport ssh --jump ACCEPT', 'fine'],
    [1, '-p tcp -m tcp --dport 22 -j ACCEPT', 'rule.notFound'],
    [3, '-j sshguard', 'rule.notFound'],
    [2, 'what?', 'rule.notFound'],
    [2, '', 'rule.notFound'],
  ])('deletes number %d given as %j: %s', (number, rule, code) => {
    expect(codeOf(() => decide(remove(number, rule)))).toBe(code);
  });
});

describe('revisionOf', () => {
  const text = (...rules: string[]) =>
    `*filter\n:INPUT ACCEPT [9:9]\n:sshguard - [0:0]\n${rules.map((rule) => `${rule}\n`).join('')}COMMIT\n`;
  const revision = (given: string) => revisionOf(parseSave(given));

  it('does not see counters, bans, or tables that do nothing', () => {
    const base = revision(text('-A INPUT -j sshguard'));
    expect(revision(text('[5:500] -A INPUT -j sshguard', '[1:1] -A sshguard -s 192.0.2.1 -j DROP'))).toBe(
      base,
    );
    expect(revision(`*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n${text('-A INPUT -j sshguard')}`)).toBe(base);
    expect(
      revision(text('-A INPUT -j sshguard').replace(':sshguard', ':OUTPUT ACCEPT [0:0]\n:sshguard')),
    ).toBe(base);
  });

  it('sees rules, their order, policies and jumps', () => {
    const texts = [
      '',
      text(),
      text('-A INPUT -j sshguard'),
      text('-A INPUT -j sshguard', '-A INPUT -s 10.0.0.0/8 -j DROP'),
      text('-A INPUT -s 10.0.0.0/8 -j DROP', '-A INPUT -j sshguard'),
      text('-A INPUT -j sshguard').replace(':INPUT ACCEPT', ':INPUT DROP'),
    ];
    // an empty foreign chain is nothing of ours, so the first two are one
    expect(new Set(texts.map(revision)).size).toBe(texts.length - 1);
  });
});
