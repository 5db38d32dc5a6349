import { createHash } from 'node:crypto';
import {
  applyEdit,
  canonicalText,
  completeRuleSet,
  foreignOwner,
  isModelled,
  NetfilterError,
  parseRule,
  parseSave,
  printListing,
  printRule,
  printSave,
  type Rule,
  type RuleSet,
  savedText,
  validateRule,
  viewChains,
  viewSshguard,
} from '@moru/netfilter';
import {
  type Family,
  type FirewallChange,
  type FirewallOutput,
  type FirewallOutputKind,
  type FirewallSave,
  type FirewallState,
  ProblemError,
  type TableName,
} from '@moru/types';
import { type SimulatedTrials, simulatedTrials } from './simulated-trials.ts';

/** A host in memory: the rules that iptables would hold, and the file that it would save them to. */
export interface SimulatedHost {
  state(family: Family): FirewallState;
  change(change: FirewallChange): FirewallState;
  save(save: FirewallSave): FirewallState;
  output(kind: FirewallOutputKind, family: Family): FirewallOutput;
  trials: SimulatedTrials;
}

/** What of a host outlives its power: the files of saved rules, by family. */
export type SimulatedDisk = Partial<Record<Family, { text: string; modifiedAt: string }>>;

/** As the image starts: SSHGUARD's chain and the jump to it, no other rule. */
const imageRules = `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:sshguard - [0:0]
-A INPUT -j sshguard
COMMIT
`;

const emptyRules = '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n';
const files: Record<Family, string> = { ipv4: '/etc/iptables.rules', ipv6: '/etc/ip6tables.rules' };

/** What the program answers to `-V` on this host; said to be simulated wherever it is shown. */
export const simulatedIptables = {
  raw: 'iptables v1.8.9 (legacy)',
  version: '1.8.9',
  backend: 'legacy',
} as const;

export function simulatedHost(
  disk: SimulatedDisk,
  diskChanged: () => void,
  hostname = 'simulated',
): SimulatedHost {
  const running: Record<Family, RuleSet> = {
    ipv4: parseSave(imageRules, { family: 'ipv4' }),
    ipv6: parseSave(emptyRules, { family: 'ipv6' }),
  };

  function state(family: Family): FirewallState {
    const set = completeRuleSet(running[family]);
    const saved = disk[family];
    return {
      family,
      readAt: new Date().toISOString(),
      revision: revisionOf(set),
      iptables: simulatedIptables,
      tables: set.tables.map((table) => ({ name: table.name as TableName, chains: viewChains(table) })),
      saved: {
        path: files[family],
        exists: saved !== undefined,
        matches: saved ? canonicalText(parseSave(saved.text, { family })) === canonicalText(set) : null,
        modifiedAt: saved?.modifiedAt ?? null,
      },
      sshguard: viewSshguard(set),
      otherBackend: false,
    };
  }

  function change(wanted: FirewallChange): FirewallState {
    if (foreignOwner(wanted.chain) !== null) throw new ProblemError('chain.foreign');
    const set = completeRuleSet(running[wanted.family], wanted.table);
    assertRevision(set, wanted.revision);
    const chains = set.tables.find(({ name }) => name === wanted.table)?.chains ?? [];
    const chain = chains.find(({ name }) => name === wanted.chain);
    if (!chain) throw new ProblemError('chain.notFound');
    const { table } = wanted;
    if (wanted.type === 'delete') {
      const found = chain.rules[wanted.number - 1];
      if (!found || !isSameRule(found, wanted.rule, wanted.family)) throw new ProblemError('rule.notFound');
      running[wanted.family] = applyEdit(set, {
        type: 'delete',
        table,
        chain: chain.name,
        number: wanted.number,
      });
    } else {
      const rule = readRule(wanted.rule, wanted.family);
      const names = chains.map(({ name }) => name);
      const errors = validateRule(rule, { table, chain: chain.name, chains: names }).filter(
        ({ severity }) => severity === 'error',
      );
      if (errors.length > 0) {
        const fields = errors.map(({ field, code, params }) => ({ field: `rule.${field}`, code, params }));
        throw new ProblemError('rule.invalid', { fields });
      }
      running[wanted.family] = applyEdit(set, { type: 'append', table, chain: chain.name, rule });
    }
    return state(wanted.family);
  }

  const trials = simulatedTrials(
    {
      get: (family) => running[family],
      set: (family, set) => {
        running[family] = set;
      },
      save: (family) => {
        const text = savedText(completeRuleSet(running[family]));
        disk[family] = { text, modifiedAt: new Date().toISOString() };
        diskChanged();
      },
    },
    hostname,
  );

  return {
    trials,
    state,
    change,
    save({ family, revision }) {
      const set = completeRuleSet(running[family]);
      assertRevision(set, revision);
      disk[family] = { text: savedText(set), modifiedAt: new Date().toISOString() };
      diskChanged();
      return state(family);
    },
    output(kind, family) {
      const { command, text, exitCode = 0 } = outputs(kind, family, completeRuleSet(running[family]), disk);
      return { kind, command, text, exitCode, readAt: new Date().toISOString(), truncated: false };
    },
  };
}

function outputs(
  kind: FirewallOutputKind,
  family: Family,
  set: RuleSet,
  disk: SimulatedDisk,
): { command: string; text: string; exitCode?: number } {
  const tool = family === 'ipv4' ? 'iptables' : 'ip6tables';
  switch (kind) {
    case 'version':
      return { command: `sudo ${tool} -V`, text: `${simulatedIptables.raw}\n` };
    case 'list':
      return { command: `sudo ${tool} -nL --line-numbers --verbose`, text: printListing(set) };
    case 'rules':
      return { command: `sudo ${tool} -S -v`, text: listRules(set) };
    // a simulation has one back end
    case 'other':
      return { command: `sudo ${tool}-nft-save`, text: '' };
    case 'save':
      return { command: `sudo ${tool}-save`, text: printSave(set) };
    case 'file': {
      const saved = disk[family];
      const command = `sudo cat ${files[family]}`;
      if (saved) return { command, text: saved.text };
      return { command, text: `cat: ${files[family]}: No such file or directory\n`, exitCode: 1 };
    }
  }
}

/** `-S -v` of the filter table: counters stand behind `-c` (reference/iptables.md section 1, Counters). */
function listRules(set: RuleSet): string {
  const chains = set.tables.find(({ name }) => name === 'filter')?.chains ?? [];
  const heads = chains.map((chain) =>
    chain.policy === null
      ? `-N ${chain.name}`
      : `-P ${chain.name} ${chain.policy} -c ${chain.packets} ${chain.bytes}`,
  );
  const rules = chains.flatMap((chain) =>
    chain.rules.map((rule) => `-A ${chain.name} ${withCounters(rule)}`),
  );
  return `${[...heads, ...rules].join('\n')}\n`;
}

function withCounters(rule: Rule): string {
  const counters = `-c ${rule.packets} ${rule.bytes}`;
  const conditions = printRule({ ...rule, target: null });
  const action = printRule(rule).slice(conditions.length).trim();
  return [conditions, counters, action].filter(Boolean).join(' ');
}

function readRule(text: string, family: Family): Rule {
  try {
    const rule = parseRule(text, { family });
    if (isModelled(rule)) return rule;
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
    const field = error.field ? `rule.${error.field}` : 'rule';
    const { code, params, message: detail } = error;
    throw new ProblemError('rule.invalid', { fields: [{ field, code, params, detail }] });
  }
  throw new ProblemError('rule.invalid', { fields: [{ field: 'rule', code: 'rule.notModelled' }] });
}

/** The text as it was shown, or another way to write the same rule. */
function isSameRule(live: Rule, text: string, family: Family): boolean {
  const shown = printRule(live);
  if (text === shown) return true;
  try {
    return printRule(parseRule(text, { family })) === shown;
  } catch {
    return false;
  }
}

function revisionOf(set: RuleSet): string {
  return createHash('sha256').update(canonicalText(set)).digest('hex');
}

function assertRevision(set: RuleSet, revision: string): void {
  if (revisionOf(set) !== revision) throw new ProblemError('revision.stale');
}
