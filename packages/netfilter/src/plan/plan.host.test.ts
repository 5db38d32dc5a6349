import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Family } from '../model.ts';
import { parseSave } from '../read/parse-save.ts';
import { type Backend, RealIptables } from '../testing/real-tool.ts';
import { planChange } from './plan-change.ts';
import { ownedText, withCounters } from './testing/dumps.ts';
import { ownedChain } from './testing/generate.ts';
import { planRound } from './testing/rounds.ts';

let tool: RealIptables;
let tool6: RealIptables;
beforeAll(async () => {
  tool = await RealIptables.start();
  tool6 = await RealIptables.start({ family: 'ipv6' });
});
afterAll(async () => {
  await tool.stop();
  await tool6.stop();
});

const backends: Backend[] = ['legacy', 'nft'];
const seeds = Array.from({ length: 50 }, (_, index) => index + 1);

describe.each(backends)('iptables-%s of this machine', (backend) => {
  const dialect = `1.8.9-${backend}` as const;
  const load = (text: string): string => {
    expect(tool.restore(backend, text, ['-c'])).toMatchObject({ code: 0, stderr: '' });
    return tool.save(backend, ['-c']);
  };
  const plan = (before: string, wanted: string) =>
    planChange(parseSave(before), parseSave(wanted), { dialect, owns: ownedChain });
  const apply = (payload: string) =>
    expect(tool.restore(backend, payload, ['-n', '-c'])).toMatchObject({ code: 0, stderr: '' });
  const save = () => tool.save(backend, ['-c']);

  afterEach(() => {
    const tables = ['raw', 'mangle', 'nat', 'filter', 'security'];
    const nothing = tables.map((table) => `*${table}\nCOMMIT\n`).join('');
    for (const each of [tool, tool6]) each.restore(backend, nothing);
  });

  it('gives what was wanted and goes back, for 50 generated changes, every fifth of them IPv6', async () => {
    const problems: string[] = [];
    for (const seed of seeds) {
      problems.push(...(await planRound(seed % 5 === 0 ? tool6 : tool, dialect, seed)));
    }
    expect(problems).toEqual([]);
  });

  it('makes chains of a table that nobody has used yet, and empties it again', async () => {
    const wanted = '*mangle\n:FORWARD DROP [0:0]\n:mine - [0:0]\n[5:6] -A FORWARD -j mine\nCOMMIT\n';
    const fresh = await RealIptables.start();
    try {
      const before = fresh.save(backend, ['-c']);
      const { payload, revert } = plan(before, wanted);
      expect(fresh.restore(backend, payload.text, ['-n', '-c'])).toMatchObject({ code: 0, stderr: '' });
      expect(withCounters(fresh.save(backend, ['-c']))).toContain('mangle [5:6] -A FORWARD -j mine');
      expect(withCounters(fresh.save(backend, ['-c']))).toContain('mangle [0:0] :FORWARD DROP');
      expect(fresh.restore(backend, revert.text, ['-n', '-c'])).toMatchObject({ code: 0, stderr: '' });
      expect(ownedText(fresh.save(backend, ['-c']))).toBe('');
    } finally {
      await fresh.stop();
    }
  });

  it('writes a chain anew when the edits are many', () => {
    const rule = (i: number) => `-A INPUT -s 10.0.${i >> 8}.${i & 255}/32 -j DROP`;
    const rules = (numbers: number[]) => numbers.map((i) => `[${i}:${i}] ${rule(i)}\n`).join('');
    const all = Array.from({ length: 5_000 }, (_, i) => i);
    const text = (numbers: number[]) => `*filter\n:INPUT DROP [3:4]\n${rules(numbers)}COMMIT\n`;
    const wanted = load(text(all.filter((i) => i % 2 === 0).toReversed()));
    const before = load(text(all));
    const { payload, checks } = plan(before, wanted);
    expect(checks.rewritten).toEqual([{ table: 'filter', chain: 'INPUT' }]);
    apply(payload.text);
    expect(withCounters(save())).toBe(withCounters(wanted));
  });

  it('reverts whatever has become of the touched chains', () => {
    const before = load(
      '*filter\n:INPUT ACCEPT [1:2]\n:old - [0:0]\n[3:4] -A INPUT -j old\n[5:6] -A old -j DROP\nCOMMIT\n',
    );
    const { payload, revert } = plan(
      before,
      '*filter\n:INPUT DROP [0:0]\n:new - [0:0]\n-A INPUT -j new\nCOMMIT\n',
    );
    // not applied at all
    apply(revert.text);
    expect(withCounters(save())).toBe(withCounters(before));
    apply(payload.text);
    const line = (...lines: string[]) => `*filter\n${lines.join('\n')}\nCOMMIT\n`;
    apply(line('-I INPUT -j ACCEPT', '-D INPUT -j new', '-A new -j DROP', '-N old', '-A old -j RETURN'));
    apply(revert.text);
    expect(withCounters(save())).toBe(withCounters(before));
  });
});

describe('nft, where others write meanwhile', () => {
  const text = (...rules: string[]) =>
    `*filter\n:INPUT ACCEPT [0:0]\n${rules.map((rule) => `-A INPUT ${rule}\n`).join('')}COMMIT\n`;
  const others = '-s 203.0.113.77/32 -j DROP';

  it('deletes the right rule, keeps the other program’s, and the dump afterwards tells of it', () => {
    const wanted = text('-j RETURN', '-i eth1 -j ACCEPT', '-i eth2 -j ACCEPT');
    tool.restore('nft', text('-j RETURN', '-i eth0 -j ACCEPT', '-i eth2 -j ACCEPT'));
    const before = tool.save('nft', ['-c']);
    const { payload, checks } = planChange(parseSave(before), parseSave(wanted), {
      dialect: '1.8.9-nft',
      owns: ownedChain,
    });
    expect(checks.compareAfter).toBe(true);
    expect(tool.restore('nft', `*filter\n-I INPUT ${others}\nCOMMIT\n`, ['-n']).code).toBe(0);
    expect(tool.restore('nft', payload.text, ['-n', '-c']).code).toBe(0);
    const after = ownedText(tool.save('nft', ['-c']));
    expect(after).toContain(`-A INPUT ${others}`);
    expect(after).not.toContain('eth0');
    expect(after).toContain('eth1');
    expect(after).toContain('eth2');
    expect(after).not.toBe(ownedText(wanted));
  });

  it('IPv6: rules that stay keep their counters, and it is said that those written anew do not', async () => {
    const [port9, port10] = ['-o lo -p udp -m udp --dport 9', '-o lo -p udp -m udp --dport 10'];
    const out = (...rules: string[]) =>
      `*filter\n:OUTPUT ACCEPT [0:0]\n${rules.map((rule) => `-A OUTPUT ${rule}\n`).join('')}COMMIT\n`;
    const fresh = await RealIptables.start({ family: 'ipv6' });
    try {
      fresh.restore('nft', out(port9, port10, '-j RETURN'));
      const script = 'ip link set lo up; for port in 9 10; do echo x > /dev/udp/::1/$port; done';
      await once(fresh.start('bash', ['-c', script]), 'close');
      const before = fresh.save('nft', ['-c']);
      expect(before).toContain(`[1:50] -A OUTPUT ${port10}\n`);
      const { payload, checks } = planChange(
        parseSave(before, { family: 'ipv6' }),
        parseSave(out(port10, '-j RETURN', port9), { family: 'ipv6' }),
        { dialect: '1.8.9-nft', owns: ownedChain },
      );
      expect(checks.countersLost).toBe(true);
      expect(fresh.restore('nft', payload.text, ['-n', '-c'])).toMatchObject({ code: 0, stderr: '' });
      const after = fresh.save('nft', ['-c']);
      expect(after).toContain(`[1:50] -A OUTPUT ${port10}\n`);
      expect(after).toContain(`[0:0] -A OUTPUT ${port9}\n`);
    } finally {
      await fresh.stop();
    }
  });

  // what delete-keys.ts knows of 1.8.9; when this fails, it lifts more rules than it must
  it.each<[Family, string, string]>([
    ['ipv4', '-m helper ! --helper ftp -j ACCEPT', '-m helper --helper ftp -j ACCEPT'],
    ['ipv4', '-m connlabel --label "40" -j ACCEPT', '-m connlabel ! --label "41" --set -j ACCEPT'],
    ['ipv6', '-s fd00::/8 -j ACCEPT', '-s fd00::/64 -j ACCEPT'],
    ['ipv6', '! -d fd00::/8 -j ACCEPT', '! -d fd00::/128 -j ACCEPT'],
    ['ipv6', '-j ACCEPT', '-s ::/128 -j ACCEPT'],
  ])('%s: takes %s for %s, which a plan does not', (family, ahead, meant) => {
    const host = family === 'ipv6' ? tool6 : tool;
    host.restore('nft', text(ahead, meant));
    expect(host.restore('nft', `*filter\n-D INPUT ${meant}\nCOMMIT\n`, ['-n']).code).toBe(0);
    expect(ownedText(host.save('nft', ['-c']))).toContain(`-A INPUT ${meant}`);

    host.restore('nft', text(ahead, meant));
    const before = parseSave(host.save('nft', ['-c']), { family });
    const wanted = parseSave(text(ahead), { family });
    const { payload } = planChange(before, wanted, { dialect: '1.8.9-nft', owns: ownedChain });
    expect(host.restore('nft', payload.text, ['-n', '-c'])).toMatchObject({ code: 0, stderr: '' });
    expect(rulesOf(host.save('nft'))).toEqual([`-A INPUT ${ahead}`]);
  });
});

const rulesOf = (dump: string): string[] => dump.split('\n').filter((line) => line.startsWith('-A'));
