import { parseSave } from '@moru/netfilter';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Iptables } from '../firewall/tools.ts';
import { describeBackends } from '../testing/describe-backends.ts';
import { type BareHost, startBareHost } from '../testing/host.ts';
import { readDraft } from './draft.ts';
import { planPayload } from './plan-payload.ts';
import { revertPayloads } from './revert-payload.ts';

/** Rules that run, and those that are wanted instead: each with something that a way back can get wrong. */
const cases: Record<string, { running: string[]; wanted: string[] }> = {
  'rules added, moved and deleted, duplicates among them': {
    running: ['*filter', ':INPUT DROP [11:22]', ...['1', '2', '2', '3'].map(rule), 'COMMIT'],
    wanted: ['*filter', ':INPUT DROP [0:0]', ...['3', '2', '4', '1', '2', '2'].map(rule), 'COMMIT'],
  },
  'a policy alone': {
    running: ['*filter', ':INPUT ACCEPT [5:50]', rule('1'), 'COMMIT'],
    wanted: ['*filter', ':INPUT DROP [0:0]', rule('1'), 'COMMIT'],
  },
  'chains made, deleted and filled anew, that lead to each other': {
    running: [
      ...['*filter', ':INPUT ACCEPT [0:0]', ':gone - [0:0]', ':kept - [0:0]'],
      ...[
        '[3:30] -A INPUT -j gone',
        '[4:40] -A gone -j kept',
        '[5:50] -A kept -s 192.0.2.7/32 -j DROP',
        'COMMIT',
      ],
    ],
    wanted: [
      ...['*filter', ':INPUT ACCEPT [0:0]', ':kept - [0:0]', ':made - [0:0]', ':more - [0:0]'],
      ...[
        '-A INPUT -j made',
        '-A made -j more',
        '-A more -j kept',
        '-A kept -s 192.0.2.8/32 -j DROP',
        'COMMIT',
      ],
    ],
  },
  'several tables, one of them unused before': {
    running: [
      ...['*nat', ':POSTROUTING ACCEPT [0:0]', '[1:2] -A POSTROUTING -s 192.0.2.1/32 -j ACCEPT', 'COMMIT'],
      ...['*filter', ':FORWARD DROP [7:8]', '[9:10] -A FORWARD -o eth1 -j ACCEPT', 'COMMIT'],
    ],
    wanted: [
      ...['*nat', ':POSTROUTING ACCEPT [0:0]', '-A POSTROUTING -o eth1 -j MASQUERADE', 'COMMIT'],
      ...['*mangle', ':FORWARD ACCEPT [0:0]', '-A FORWARD -j MARK --set-mark 1', 'COMMIT'],
      ...['*filter', ':FORWARD ACCEPT [0:0]', 'COMMIT'],
    ],
  },
  'other programs’ chains in between': {
    running: [
      ...['*filter', ':INPUT ACCEPT [0:0]', ':sshguard - [0:0]', '[1:1] -A INPUT -j sshguard'],
      ...['[6:60] -A sshguard -s 192.0.2.9/32 -j DROP', rule('1'), 'COMMIT'],
    ],
    wanted: [
      '*filter',
      ':INPUT ACCEPT [0:0]',
      ':sshguard - [0:0]',
      rule('2'),
      '-A INPUT -j sshguard',
      'COMMIT',
    ],
  },
};

function rule(last: string): string {
  return `[${last}:${last}0] -A INPUT -s 192.0.2.${last}/32 -m comment --comment "a \\"b\\" ${last}" -j ACCEPT`;
}

describeBackends('the way back on a host with %s', (backend) => {
  let host: BareHost;

  const iptables: Iptables = {
    family: 'ipv4',
    version: { raw: '', version: '1.8.9', backend: backend === 'legacy' ? 'legacy' : 'nf_tables' },
    strategy: backend === 'legacy' ? 'lock' : 'verify',
    programs: { iptables: '', save: '', restore: '' },
    dumps: { max: 0, largest: 0 },
  };
  const restore = async (input: string, ...args: string[]) =>
    expect(await host.run('iptables-restore', [...args, '-c'], input)).toMatchObject({ exitCode: 0 });
  /** Owned rules and policies with the counters of rules; tables and chains that do nothing say nothing. */
  const dump = async () => {
    const { stdout } = await host.run('iptables-save', ['-c']);
    const lines = stdout.split('\n').filter((line) => !/^(#|COMMIT$|:\S+ ACCEPT)/.test(line));
    const kept = lines.map((line) => (line.startsWith(':') ? line.replace(/\[.*/, '') : line));
    return kept.filter((line, index) => !line.startsWith('*') || /^[[:]/.test(kept[index + 1] ?? '')).sort();
  };

  beforeAll(async () => {
    host = await startBareHost(backend);
  });
  afterAll(() => host.stop());

  it.each(Object.entries(cases))(
    '%s: the same from wherever it begins, and however often',
    async (_name, each) => {
      for (const table of ['filter', 'nat', 'mangle']) {
        await host.run('iptables', ['-t', table, '-F']);
        await host.run('iptables', ['-t', table, '-X']);
      }
      await restore(`${each.running.join('\n')}\n`);
      const { stdout } = await host.run('iptables-save', ['-c']);
      const { base, wanted, tables, errors } = readDraft(`${each.wanted.join('\n')}\n`, parseSave(stdout));
      expect(errors).toEqual([]);
      if (!wanted) throw new Error('not read');
      const before = await dump();
      const change = planPayload(base, wanted, tables, iptables).map(
        ({ table, lines }) => `${[`*${table}`, ...lines, 'COMMIT'].join('\n')}\n`,
      );
      const back = revertPayloads(base, wanted, tables.toReversed(), iptables.version.backend);
      const tidy = async () => {
        for (const text of back.flatMap((payload) => payload.tidy))
          await host.run('iptables-restore', ['-n', '-c'], text);
      };
      const revert = async (count = back.length) => {
        for (const { rules } of back.slice(0, count)) await restore(rules, '-n');
        if (count === back.length) await tidy();
      };
      const apply = async (count = change.length) => {
        for (const text of change.slice(0, count)) await restore(text, '-n');
      };

      // before anything, after a part of the change, after all of it, after a part of the way back
      await revert();
      expect(await dump()).toEqual(before);
      for (let part = 1; part <= change.length; part++) {
        await apply(part);
        await revert();
        expect(await dump()).toEqual(before);
      }
      await apply();
      const changed = await dump();
      expect(changed).not.toEqual(before);
      for (let part = 1; part < back.length; part++) await revert(part);
      await revert();
      await revert();
      expect(await dump()).toEqual(before);
      // and the tool itself agrees that it loads, from the changed rules too
      await apply();
      for (const { rules } of back) await restore(rules, '-n', '--test');
      expect(await dump()).toEqual(changed);
      await revert();
    },
  );
});
