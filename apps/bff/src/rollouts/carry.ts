import {
  type Chain,
  completeRuleSet,
  foreignOwner,
  mergeRuleSets,
  type Owns,
  type Rule,
  type RuleSet,
  ruleText,
  shadowsOf,
  type Table,
} from '@moru/netfilter';
import type { CarriedChain, RolloutNote } from '@moru/types';

/** What a host is to have, and what somebody should know of it. */
export interface Carried {
  wanted: RuleSet;
  notes: RolloutNote[];
}

const chainOf = (table: Table | undefined, name: string) =>
  table?.chains.find((chain) => chain.name === name);
const tableOf = (set: RuleSet, name: string) => set.tables.find((table) => table.name === name);
const jumpOf = ({ target }: Rule) => (target?.kind === 'chain' ? target.name : null);
const texts = (rules: readonly Rule[]) => new Set(rules.map(ruleText));

/**
 * The rules of one host with what is chosen of another's. Only the chosen chains change: each becomes the other host's,
 * or gets some of its rules at the places that they have there. Chains of other programs are never written, and the
 * jumps to them stay, first, since that is what SSHGUARD needs. `chains` null: all that the text holds; then user chains
 * that it lacks go, unless something still leads to them.
 */
export function carryOver(
  source: RuleSet,
  host: RuleSet,
  chains: readonly CarriedChain[] | null,
  owns: Owns,
): Carried {
  const notes: RolloutNote[] = [];
  const whole = source.tables.reduce((set, { name }) => completeRuleSet(set, name), completeRuleSet(host));
  const tables = whole.tables.map((table) => {
    const from = tableOf(source, table.name);
    if (!from) return table;
    const ours = (name: string) => owns(table.name, name) && foreignOwner(name) === null;
    const chosen = (chains ?? allOf(from)).filter((each) => each.table === table.name && ours(each.chain));
    return chosen.length === 0 && chains !== null
      ? table
      : new TableCarrier(from, table, ours, notes).carry(chosen, chains === null);
  });
  return { wanted: { ...whole, tables }, notes };
}

const allOf = ({ name: table, chains }: Table): CarriedChain[] =>
  chains.map(({ name }) => ({ table: table as CarriedChain['table'], chain: name, rules: null }));

class TableCarrier {
  private readonly from: Table;
  private readonly host: Table;
  private readonly ours: (chain: string) => boolean;
  private readonly notes: RolloutNote[];

  constructor(from: Table, host: Table, ours: (chain: string) => boolean, notes: RolloutNote[]) {
    this.from = from;
    this.host = host;
    this.ours = ours;
    this.notes = notes;
  }

  carry(chosen: readonly CarriedChain[], isWhole: boolean): Table {
    const result = new Map(this.host.chains.map((chain) => [chain.name, chain]));
    const waiting = chosen.map(({ chain, rules }) => ({ chain, rules, brought: false }));
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { chain: name, rules, brought } = next;
      const from = chainOf(this.from, name);
      if (!from) continue;
      const made = rules === null ? this.replaced(from) : this.extended(from, rules);
      result.set(name, made);
      if (brought) this.note('chainBrought', name, name);
      for (const jump of new Set(made.rules.flatMap((rule) => jumpOf(rule) ?? []))) {
        const known = result.has(jump) || waiting.some(({ chain }) => chain === jump);
        if (!known && this.ours(jump)) waiting.push({ chain: jump, rules: null, brought: true });
      }
    }
    if (isWhole) this.dropOthers(result);
    return { ...this.host, chains: [...result.values()] };
  }

  /** The chain as it is there, without jumps that lead nowhere here, and with those that other programs rely on here. */
  private replaced(from: Chain): Chain {
    const here = chainOf(this.host, from.name);
    const rules = this.withoutLostJumps(from, from.rules);
    const jumps = new Set(rules.map(jumpOf));
    const kept = (here?.rules ?? []).filter((rule) => {
      const jump = jumpOf(rule);
      return jump !== null && this.isForeignHere(jump) && !jumps.has(jump);
    });
    for (const rule of kept) this.note('jumpKept', from.name, jumpOf(rule) ?? '');
    return { ...from, rules: [...kept, ...rules] };
  }

  /** The chain as it is here, with some of the rules from there between those that both have. */
  private extended(from: Chain, numbers: readonly number[]): Chain {
    const here = chainOf(this.host, from.name) ?? { ...from, rules: [] };
    const present = texts(here.rules);
    const wanted = numbers.flatMap((number) => from.rules[number - 1] ?? []);
    const missing = this.withoutLostJumps(
      from,
      wanted.filter((rule) => !present.has(ruleText(rule))),
    );
    if (wanted.some((rule) => present.has(ruleText(rule)))) {
      this.note(
        'alreadyThere',
        from.name,
        String(wanted.filter((rule) => present.has(ruleText(rule))).length),
      );
    }
    if (missing.length === 0) return here;
    const chosen = new Set(wanted);
    const added = new Set(missing);
    const base = from.rules.filter((rule) => !chosen.has(rule));
    const mine = from.rules.filter((rule) => added.has(rule) || !chosen.has(rule));
    if (!base.some((rule) => present.has(ruleText(rule)))) {
      const before = here.rules.findIndex((rule) => !this.isForeignHere(jumpOf(rule) ?? ''));
      const at = before === -1 ? here.rules.length : before;
      return { ...here, rules: here.rules.toSpliced(at, 0, ...missing) };
    }
    const set = (rules: readonly Rule[]): RuleSet => ({
      family: 'ipv4',
      tables: [{ ...this.host, chains: [{ ...here, rules: [...rules] }] }],
    });
    const { merged } = mergeRuleSets(set(base), set(mine), set(here.rules), () => true);
    return chainOf(merged.tables[0], from.name) ?? here;
  }

  private withoutLostJumps({ name }: Chain, rules: readonly Rule[]): Rule[] {
    return rules.filter((rule) => {
      const jump = jumpOf(rule);
      if (jump === null || chainOf(this.host, jump)) return true;
      // a chain of ours comes along; another program's is made by that program
      if (foreignOwner(jump) === null && chainOf(this.from, jump)) return true;
      this.note('jumpDropped', name, jump);
      return false;
    });
  }

  private isForeignHere(chain: string): boolean {
    return chain !== '' && chainOf(this.host, chain) !== undefined && !this.ours(chain);
  }

  private dropOthers(result: Map<string, Chain>): void {
    const candidates = [...result.values()].filter(
      ({ name, policy }) => policy === null && this.ours(name) && !chainOf(this.from, name),
    );
    for (let more = true; more; ) {
      const led = new Set([...result.values()].flatMap(({ rules }) => rules.map(jumpOf)));
      const idle = candidates.filter(({ name }) => result.has(name) && !led.has(name));
      for (const { name } of idle) result.delete(name);
      more = idle.length > 0;
    }
  }

  private note(code: RolloutNote['code'], chain: string, name: string): void {
    this.notes.push({ code, place: `${this.host.name}.${chain}`, name });
  }
}

/**
 * Takes back what came with an earlier roll-out, and nothing else: what was changed since stays. Null where the same
 * rules were changed since, and nobody but a person can tell what is wanted.
 */
export function carryBack(before: RuleSet, after: RuleSet, now: RuleSet, owns: Owns): RuleSet | null {
  const names = [before, after, now].flatMap(({ tables }) => tables.map(({ name }) => name));
  const whole = (set: RuleSet) =>
    names.reduce((all, name) => completeRuleSet(all, name), completeRuleSet(set));
  const { merged, conflicts } = mergeRuleSets(whole(after), whole(before), whole(now), owns);
  return conflicts.some(({ kind }) => kind !== 'inserted') ? null : merged;
}

/** What the rules that are new to a host name and the host does not have, and those that nothing comes to there. */
export function strangeNames(
  host: RuleSet,
  wanted: RuleSet,
  { devices, foreignAddresses }: { devices: readonly string[]; foreignAddresses: readonly string[] },
): RolloutNote[] {
  const notes: RolloutNote[] = [];
  for (const table of wanted.tables) {
    for (const chain of table.chains) {
      const present = texts(chainOf(tableOf(host, table.name), chain.name)?.rules ?? []);
      const place = `${table.name}.${chain.name}`;
      for (const rule of chain.rules) {
        if (present.has(ruleText(rule))) continue;
        for (const name of [rule.inInterface?.value, rule.outInterface?.value]) {
          if (name && !isThere(name, devices)) notes.push({ code: 'interfaceMissing', place, name });
        }
        for (const value of [rule.source?.value, rule.destination?.value]) {
          const name = value?.replace(/\/(32|128)$/, '');
          if (name && foreignAddresses.includes(name)) notes.push({ code: 'addressOfSource', place, name });
        }
      }
      notes.push(...shadowed(chain, present, place, wanted.family));
    }
  }
  return [...new Map(notes.map((note) => [`${note.code} ${note.place} ${note.name}`, note])).values()];
}

function shadowed(
  { rules }: Chain,
  present: ReadonlySet<string>,
  place: string,
  family: RuleSet['family'],
): RolloutNote[] {
  if (rules.every((rule) => present.has(ruleText(rule)))) return [];
  return shadowsOf(rules, family).flatMap(({ number, by }): RolloutNote[] => {
    const rule = rules[number - 1];
    const isNew = rule !== undefined && !present.has(ruleText(rule));
    return isNew ? [{ code: 'shadowed', place, name: String(by) }] : [];
  });
}

/** iptables(8): a name that ends in `+` stands for every interface that begins with it. */
const isThere = (name: string, devices: readonly string[]) =>
  name.endsWith('+')
    ? devices.some((device) => device.startsWith(name.slice(0, -1)))
    : devices.includes(name);
