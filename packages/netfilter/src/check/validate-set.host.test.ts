import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInChains } from '../model.ts';
import { parseSave } from '../read/parse-save.ts';
import { type Backend, RealIptables } from '../testing/real-tool.ts';
import { validateSet } from './validate-set.ts';

let tool: RealIptables;
beforeAll(async () => {
  tool = await RealIptables.start();
});
afterAll(async () => {
  await tool.stop();
});

const backends: Backend[] = ['legacy', 'nft'];
const userChains = ['a', 'b', 'c', 'd'];

/** A restore file of one table with all its built-in chains and four others. */
function file(table: string, rules: readonly string[], chains: readonly string[] = userChains): string {
  const headers = [
    ...(builtInChains[table] ?? []).map((name) => `:${name} ACCEPT [0:0]\n`),
    ...chains.map((name) => `:${name} - [0:0]\n`),
  ];
  return `*${table}\n${headers.join('')}${rules.map((rule) => `-A ${rule}\n`).join('')}COMMIT\n`;
}

const errors = (text: string, backend: Backend) =>
  validateSet(parseSave(text), { backend }).filter(({ severity }) => severity === 'error');

function judge(text: string, backend: Backend): { ours: string; theirs: string; context: string } {
  const answer = tool.restore(backend, text);
  const found = errors(text, backend);
  return {
    ours: found.length > 0 ? 'refused' : 'taken',
    theirs: answer.code === 0 ? 'taken' : 'refused',
    context: `${text}${answer.stderr}${JSON.stringify(found)}`,
  };
}

describe.each(backends)('jumps on iptables-%s', (backend) => {
  it('loops are found where the kernel refuses them, in random graphs', () => {
    const chain = fc.constantFrom('INPUT', 'FORWARD', ...userChains);
    const jump = fc.tuple(chain, fc.constantFrom('-j', '-g'), fc.constantFrom(...userChains));
    const outcomes = { refused: 0, taken: 0 };
    for (const jumps of fc.sample(fc.array(jump, { maxLength: 8 }), { numRuns: 400, seed: 13 })) {
      // each with a condition: legacy does not look behind a rule that ends every packet
      const rules = jumps.map(([from, how, to], i) => `${from} -s 10.0.0.${i}/32 ${how} ${to}`);
      const { ours, theirs, context } = judge(file('filter', rules), backend);
      expect(ours, context).toBe(theirs);
      outcomes[ours as 'refused' | 'taken']++;
    }
    expect(outcomes.refused).toBeGreaterThan(50);
    expect(outcomes.taken).toBeGreaterThan(50);
  });

  it.each([1, 8, 14, 15, 16, 17, 30])('nests %i deep', (depth) => {
    const names = Array.from({ length: depth }, (_, i) => `n${i}`);
    const rules = names.map((name, i) => `${i === 0 ? 'INPUT' : names[i - 1]} -s 10.0.0.1/32 -j ${name}`);
    const { ours, theirs, context } = judge(file('filter', rules, names), backend);
    expect(ours, context).toBe(theirs);
  });
});

/** Rules that some hooks refuse, by table. */
const pools: Readonly<Record<string, readonly string[]>> = {
  filter: [
    '-p tcp -j REJECT --reject-with tcp-reset',
    '-j REJECT',
    '-m owner --uid-owner 0 -j ACCEPT',
    '-m mac --mac-source 02:00:00:00:00:01 -j DROP',
    '-m devgroup --src-group 1',
    '-m devgroup --dst-group 1',
    '-m addrtype --src-type LOCAL --limit-iface-in',
    '-m addrtype --dst-type LOCAL --limit-iface-out',
    '-m physdev --physdev-out eth0 -j DROP',
    '-m physdev --physdev-in eth0 -j DROP',
    '-m socket -j ACCEPT',
    '-m policy --dir in --pol none',
    '-m policy --dir out --pol none',
    '-j NFLOG',
    '-m conntrack --ctstate NEW',
  ],
  nat: [
    '-j DNAT --to-destination 10.0.0.1',
    '-j SNAT --to-source 10.0.0.1',
    '-j MASQUERADE',
    '-p tcp -j REDIRECT --to-ports 80',
    '-j NETMAP --to 10.0.0.0/24',
    '-s 10.0.0.1 -j ACCEPT',
  ],
  mangle: [
    '-j CLASSIFY --set-class 1:1',
    '-j MARK --set-mark 1',
    '-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu',
    '-p tcp --syn -j TCPMSS --set-mss 1400',
    '-p tcp -j TPROXY --on-port 80',
    '-m owner --uid-owner 0 -j MARK --set-mark 2',
    '-m rpfilter -j ACCEPT',
    '-m addrtype --src-type LOCAL --limit-iface-in',
    '-m addrtype --dst-type LOCAL --limit-iface-out',
    '-m devgroup --src-group 1',
    '-m devgroup --dst-group 1',
    '-m physdev --physdev-out eth0',
    '-m physdev --physdev-is-bridged --physdev-out eth0',
    '-m socket -j MARK --set-mark 4',
    '-m cgroup --cgroup 1',
    '-j CHECKSUM --checksum-fill',
    '-j TTL --ttl-set 5',
    '-m mac --mac-source 02:00:00:00:00:01 -j MARK --set-mark 3',
  ],
};

describe.each(backends)('places on iptables-%s', (backend) => {
  const ways = Object.entries(pools).flatMap(([table, rules]) =>
    (builtInChains[table] ?? []).flatMap((hook) => rules.map((rule) => [table, hook, rule] as const)),
  );

  it.each(ways)('%s %s: %s, two chains behind it', (table, hook, rule) => {
    const rules = [`${hook} -s 10.0.0.1/32 -j a`, 'a -s 10.0.0.2/32 -g b', `b ${rule}`];
    const { ours, theirs, context } = judge(file(table, rules), backend);
    expect(ours, context).toBe(theirs);
  });

  it.each(ways)('%s %s: %s', (table, hook, rule) => {
    const { ours, theirs, context } = judge(file(table, [`${hook} ${rule}`]), backend);
    expect(ours, context).toBe(theirs);
  });
});
