import { foreignOwner, isBuiltIn } from '@moru/netfilter';
import type { FirewallChain, FirewallState } from '@moru/types';

/** A host's state whose table filter has these chains; its revision is a digest of the chains that are ours. */
export function stateOf(chains: Record<string, readonly string[]>): FirewallState {
  const all = { INPUT: [], FORWARD: [], OUTPUT: [], ...chains };
  const views = Object.entries(all).map(([name, rules]) => chainOf(name, rules));
  const own = views.filter(({ owner }) => owner === 'moru').map(({ name, rules }) => [name, rules]);
  return {
    family: 'ipv4',
    readAt: '2026-03-10T12:00:00Z',
    revision: digest(JSON.stringify(own)),
    iptables: { raw: 'iptables v1.8.9 (legacy)', version: '1.8.9', backend: 'legacy' },
    tables: [{ name: 'filter', chains: views }],
    saved: { path: '/etc/iptables.rules', exists: false, matches: null, modifiedAt: null },
    sshguard: { chain: 'sshguard' in chains, jump: true, blocked: 0 },
    otherBackend: false,
  };
}

function chainOf(name: string, rules: readonly string[]): FirewallChain {
  const builtIn = isBuiltIn('filter', name);
  return {
    name,
    builtIn,
    policy: builtIn ? 'ACCEPT' : null,
    packets: '451',
    bytes: '44136',
    owner: foreignOwner(name) === null ? 'moru' : 'foreign',
    rules: rules.map((text, index) => ({ number: index + 1, text, packets: '123456', bytes: '9' })),
  };
}

/** As long as a revision, and another one for another text: all that tests need. */
function digest(text: string): string {
  let hash = 0n;
  for (const letter of text) hash = (hash * 1_000_003n + BigInt(letter.charCodeAt(0))) % (1n << 256n);
  return hash.toString(16).padStart(64, '0');
}
