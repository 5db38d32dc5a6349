import type { Chain, Family, Rule, Table } from '../model.ts';
import { isBuiltIn } from '../model.ts';
import type { Backend } from '../print/dialect.ts';
import { ChainIndex, indexThreshold } from './chain-index.ts';
import type { Condition, Judge } from './conditions/condition.ts';
import { type ConditionContext, conditionsOf } from './conditions/conditions.ts';
import type { LocalAddresses } from './conditions/header.ts';
import { ACTION, flatten, newFlatTests, OPERAND, stride } from './flat.ts';
import { InterfacePatterns } from './interfaces.ts';
import { action, type Step, thenOf } from './steps.ts';
import { type Act, actOf } from './targets.ts';

/** A chain's rules stand in `start` and on; `tail` is its policy, or for a user's chain its return. */
export interface ChainSlots {
  readonly table: string;
  readonly chain: Chain;
  readonly start: number;
  readonly tail: number;
  /** fields of `lacks` that its rules test */
  tested: number;
  /** chains that its rules jump or go to */
  readonly next: Set<ChainSlots>;
  /** made when the chain is first walked; null for a short one */
  index: ChainIndex | null | undefined;
}

/** Conditions of a rule take some 1,000 bytes: those of 50,000 rules are made anew sooner than kept. */
const maxKept = 8_192;

/**
 * A rule set laid out as the kernel does it: one slot for each rule, one more at the end of each chain that matches
 * everything. What most rules test lies in flat arrays (25,000 packets a second over 5,000 rules with a closure for
 * each, five times as many with arrays); `rest` has the conditions that do not fit there.
 */
export class Program {
  readonly family: Family;
  readonly context: ConditionContext;
  readonly chains: ChainSlots[] = [];
  /** `stride` numbers for each slot */
  readonly tests: Int32Array;
  readonly interfaces = new InterfacePatterns();
  readonly chainOf: Int32Array;
  readonly rest: (readonly Judge[] | null)[] = [];
  readonly acts: (Act | null)[] = [];
  /** made when first taken, see `stepAt` */
  readonly steps: (Step | undefined)[] = [];
  private readonly all: (readonly Condition[] | undefined)[] = [];
  private kept = 0;
  private readonly starts = new Map<string, ChainSlots>();

  constructor(family: Family, tables: readonly Table[], addresses: LocalAddresses, backend: Backend) {
    this.family = family;
    this.context = { family, addresses, backend };
    let slots = 0;
    for (const table of tables) {
      for (const chain of table.chains) {
        const placed: ChainSlots = {
          table: table.name,
          chain,
          start: slots,
          tail: slots + chain.rules.length,
          tested: 0,
          next: new Set(),
          index: undefined,
        };
        this.chains.push(placed);
        this.starts.set(`${table.name} ${chain.name}`, placed);
        slots = placed.tail + 1;
      }
    }
    this.tests = newFlatTests(slots);
    this.chainOf = new Int32Array(slots);
    for (const [number, placed] of this.chains.entries()) {
      for (const [i, rule] of placed.chain.rules.entries()) this.layOut(placed, placed.start + i, rule);
      this.layOutTail(placed);
      this.chainOf.fill(number, placed.start, placed.tail + 1);
    }
    this.cutLoops();
  }

  find(table: string, chain: string): ChainSlots | undefined {
    return this.starts.get(`${table} ${chain}`);
  }

  chainAt(slot: number): ChainSlots {
    const found = this.chains[this.chainOf[slot] ?? -1];
    if (!found) throw new RangeError(`no slot ${slot}`);
    return found;
  }

  /** All conditions of a slot's rule; none for the end of a chain. */
  conditionsAt(slot: number): readonly Condition[] {
    const known = this.all[slot];
    if (known) return known;
    const rule = this.ruleAt(slot);
    const made = rule ? conditionsOf(rule, this.context) : [];
    if (this.kept < maxKept) {
      this.all[slot] = made;
      this.kept++;
    }
    return made;
  }

  ruleAt(slot: number): Rule | null {
    const placed = this.chainAt(slot);
    return placed.chain.rules[slot - placed.start] ?? null;
  }

  /** What the rules of a chain, and of all chains that it leads to, test. */
  testedFrom(base: ChainSlots): number {
    const reached = new Set([base]);
    let tested = 0;
    for (const placed of reached) {
      tested |= placed.tested;
      for (const next of placed.next) reached.add(next);
    }
    return tested;
  }

  /** Made when a chain is first walked, and only for long ones. */
  indexOf(placed: ChainSlots): ChainIndex | null {
    if (placed.index === undefined) {
      const long = placed.tail - placed.start >= indexThreshold;
      placed.index = long ? new ChainIndex(this.tests, placed.start, placed.chain.rules) : null;
    }
    return placed.index;
  }

  /** The one step of a slot that all ways through it share. */
  stepAt(slot: number): Step {
    const known = this.steps[slot];
    if (known) return known;
    const { table, chain, start, tail } = this.chainAt(slot);
    const then = thenOf(this.actionAt(slot));
    const kind = slot < tail ? 'rule' : then === 'return' ? 'end' : 'policy';
    const step = {
      table,
      chain: chain.name,
      number: slot - start + 1,
      kind,
      then,
      rule: this.ruleAt(slot),
    } as const;
    this.steps[slot] = step;
    return step;
  }

  actionAt(slot: number): number {
    return this.tests[slot * stride + ACTION] ?? 0;
  }

  /** Slot where the chain of a jump begins; -1 for one that the kernel would refuse. */
  leadsTo(slot: number): number {
    return this.tests[slot * stride + OPERAND] ?? -1;
  }

  private setAction(slot: number, does: number): void {
    this.tests[slot * stride + ACTION] = does;
  }

  private lead(slot: number, to: number): void {
    this.tests[slot * stride + OPERAND] = to;
  }

  private layOut(placed: ChainSlots, slot: number, rule: Rule): void {
    const taken = flatten(this.tests, slot, rule, this.family, this.interfaces);
    placed.tested |= taken.tested;
    const rest = conditionsOf(taken.left, this.context, rule).map(({ judge }) => judge);
    this.rest[slot] = rest.length > 0 ? rest : null;
    this.acts[slot] = null;
    const target = rule.verbatim === null ? rule.target : null;
    if (target?.kind === 'verdict') {
      this.setAction(slot, action[target.name.toLowerCase() as 'accept' | 'drop' | 'queue' | 'return']);
    } else if (target?.kind === 'chain') {
      const to = this.find(placed.table, target.name);
      if (to) placed.next.add(to);
      this.setAction(slot, target.goto ? action.goto : action.jump);
      this.lead(slot, to ? to.start : -1);
    } else if (target?.name === 'REJECT' && target.modelled) {
      this.setAction(slot, action.reject);
    } else {
      const act = actOf(rule, this.family);
      this.setAction(slot, act ? action.act : action.next);
      this.acts[slot] = act;
    }
  }

  /** The kernel refuses loops. A jump that closes one leads nowhere here, so that every walk ends. */
  private cutLoops(): void {
    const done = new Set<ChainSlots>();
    for (const first of this.chains) {
      if (done.has(first)) continue;
      const open = new Set([first]);
      const trail = [{ placed: first, rest: first.next.values() }];
      for (let top = trail.at(-1); top; top = trail.at(-1)) {
        const next = top.rest.next().value;
        if (!next) {
          open.delete(top.placed);
          done.add(top.placed);
          trail.pop();
        } else if (open.has(next)) this.cut(top.placed, next);
        else if (!done.has(next)) {
          open.add(next);
          trail.push({ placed: next, rest: next.next.values() });
        }
      }
    }
  }

  private cut(from: ChainSlots, to: ChainSlots): void {
    for (let slot = from.start; slot < from.tail; slot++) {
      const leads = this.actionAt(slot) === action.jump || this.actionAt(slot) === action.goto;
      if (leads && this.leadsTo(slot) === to.start) this.lead(slot, -1);
    }
  }

  private layOutTail({ table, chain, tail }: ChainSlots): void {
    this.rest[tail] = null;
    this.acts[tail] = null;
    const policy = chain.policy === 'DROP' ? action.drop : action.accept;
    this.setAction(tail, isBuiltIn(table, chain.name) ? policy : action.return);
  }
}
