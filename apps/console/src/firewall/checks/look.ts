import { type Exposure, exposure, parseSave, type SetFinding, shadowsOf, validateSet } from '@moru/netfilter';

/** What the worker is asked: one family's rules in save form, and what else it needs to judge them. */
export interface Question {
  text: string;
  family: 'ipv4' | 'ipv6';
  backend: 'legacy' | 'nft';
  /** rules of the other back end filter as well */
  otherRules: boolean;
}

/** What can be said of rules without asking the host. */
export interface Look {
  /** by `TABLE CHAIN`, the earlier rule that takes all packets of a rule; numbers from 1 */
  shadows: Record<string, Record<number, number>>;
  findings: SetFinding[];
  exposure: Exposure;
}

// a set that is wrong everywhere is not told line by line
const mostFindings = 200;

export function lookAt({ text, family, backend, otherRules }: Question): Look {
  const set = parseSave(text, { family, unreadable: 'keep' });
  const shadows: Look['shadows'] = {};
  for (const { name, chains } of set.tables) {
    for (const chain of chains) {
      const found = shadowsOf(chain.rules, family);
      if (found.length === 0) continue;
      shadows[`${name} ${chain.name}`] = Object.fromEntries(found.map(({ number, by }) => [number, by]));
    }
  }
  return {
    shadows,
    findings: validateSet(set, { backend }).slice(0, mostFindings),
    exposure: exposure(set, { otherRules }),
  };
}
