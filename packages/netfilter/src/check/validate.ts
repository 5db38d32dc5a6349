import { maxCommentBytes, type RuleFields, ruleFromFields } from '../editing/fields.ts';
import { type ErrorParams, type NetfilterCode, NetfilterError } from '../error.ts';
import {
  type Bag,
  type Extension,
  findMatch,
  matchCatalog,
  targetCatalog,
  targetOf,
} from '../extensions/catalog.ts';
import { synFlags } from '../extensions/matches/tcp.ts';
import { builtInChains, type Family, type Rule } from '../model.ts';
import { isPlainInterface } from '../values/interface-name.ts';
import { TCP } from '../values/protocols.ts';
import { byteLength, hasControl } from '../values/quote.ts';
import { placesOf } from './places.ts';

/** Something wrong (`error`) or doubtful (`warning`) about a rule, at the field that it is about. */
export interface Finding {
  /** a name of RuleFields, or `table`, `chain`, `match`, `fragment` */
  field: string;
  code: NetfilterCode;
  severity: 'error' | 'warning';
  params: ErrorParams;
}

/** Where the rule is to stand. */
export interface RulePlace {
  table: string;
  chain: string;
  /** names of all chains of the table; without them jumps to user chains are not checked */
  chains?: readonly string[] | ReadonlySet<string>;
}

/**
 * What is wrong with a rule at its place, beyond what `iptables-restore --test` refuses
 * (reference/iptables.md section 0, fact 6). Empty when nothing is.
 */
export function validateRule(rule: Rule, place: RulePlace): Finding[] {
  const findings: Finding[] = [];
  const add = (
    field: string,
    code: NetfilterCode,
    params: ErrorParams = {},
    severity: Finding['severity'] = 'error',
  ) => {
    findings.push({ field, code, severity, params });
  };
  if (rule.verbatim !== null) {
    add('match', 'rule.notModelled', {}, 'warning');
    return findings;
  }
  checkChain(place, add);
  checkInterfaces(rule, place, add);
  checkAddresses(rule, add);
  checkMatches(rule, place, add);
  checkTarget(rule, place, add);
  return findings;
}

type Add = (field: string, code: NetfilterCode, params?: ErrorParams, severity?: Finding['severity']) => void;

const holds = (names: readonly string[] | ReadonlySet<string>, name: string): boolean =>
  'has' in names ? names.has(name) : names.includes(name);

/** Names of built-in chains of any table: no user chain is called so. */
const hooks: ReadonlySet<string> = new Set(Object.values(builtInChains).flat());

function checkChain(place: RulePlace, add: Add): void {
  const builtIn = builtInChains[place.table];
  if (!builtIn) add('table', 'save.tableUnknown', { table: place.table });
  else if (
    !builtIn.includes(place.chain) &&
    !(place.chains ? holds(place.chains, place.chain) : !hooks.has(place.chain))
  ) {
    add('chain', 'chain.missing', { chain: place.chain });
  }
}

/** Hooks at which there is no such interface yet, or no longer. */
const noInput = ['OUTPUT', 'POSTROUTING'];
const noOutput = ['INPUT', 'PREROUTING'];

function checkInterfaces(rule: Rule, { table, chain }: RulePlace, add: Add): void {
  const builtIn = builtInChains[table]?.includes(chain) ?? false;
  if (rule.inInterface && builtIn && noInput.includes(chain))
    add('inInterface', 'interface.inOutput', { chain });
  if (rule.outInterface && builtIn && noOutput.includes(chain))
    add('outInterface', 'interface.outInput', { chain });
  for (const field of ['inInterface', 'outInterface'] as const) {
    const name = rule[field]?.value;
    if (name === undefined) continue;
    if (name.startsWith('-')) add(field, 'value.leadingDash', { value: name });
    else if (!isPlainInterface(name)) add(field, 'interface.characters', { value: name });
    else if (rule[field]?.negated && name === '+') add(field, 'rule.neverMatches', {}, 'warning');
  }
}

const placeholders = ['0.0.0.0/32', '::/128'];

function checkAddresses(rule: Rule, add: Add): void {
  for (const field of ['source', 'destination'] as const) {
    const held = rule[field];
    // the guide's `-d 000.000.00.00` (reference/guide-traps.md): accepted, and matches nothing
    if (held && !held.negated && placeholders.includes(held.value)) {
      add(field, 'address.placeholder', { value: held.value }, 'warning');
    } else if (held?.negated && /\/0$/.test(held.value)) {
      add(field, 'rule.neverMatches', {}, 'warning');
    }
  }
}

function checkMatches(rule: Rule, place: RulePlace, add: Add): void {
  for (const match of rule.matches) {
    if (!match.modelled) {
      if (hasControl(match.text)) add('match', 'value.control', { match: match.name });
      add('match', 'rule.notModelled', { match: match.name }, 'warning');
      continue;
    }
    const extension = matchCatalog.get(match.name);
    const needed = extension?.anyProtocol ? null : (extension?.protocol ?? null);
    if (needed !== null && (rule.protocol?.value !== needed || rule.protocol.negated)) {
      add('protocol', 'protocol.needed', { match: match.name });
    }
    if (extension && !fits(extension, match as unknown as Bag, place)) {
      add('match', 'match.place', { match: match.name, chain: place.chain });
    }
    if (match.name !== 'comment') continue;
    if (hasControl(match.comment)) add('comment', 'comment.control');
    const bytes = byteLength(match.comment);
    if (bytes > maxCommentBytes) add('comment', 'comment.length', { max: maxCommentBytes, bytes });
  }
}

/** Whether the kernel takes an extension there. */
function fits(extension: Extension, values: Bag, place: RulePlace): boolean {
  const { tables, chains } = placesOf(extension, values);
  return (tables?.includes(place.table) ?? true) && (chains === null || allowed(chains, place));
}

/** A user chain may be called from anywhere, so only built-in ones are judged. */
function allowed(chains: readonly string[], { table, chain }: RulePlace): boolean {
  return !(builtInChains[table]?.includes(chain) ?? false) || chains.includes(chain);
}

function checkTarget(rule: Rule, place: RulePlace, add: Add): void {
  const { target } = rule;
  if (target === null) return;
  if (target.kind === 'chain') {
    const { table, chain, chains } = place;
    const builtIn = builtInChains[table]?.includes(target.name) ?? false;
    if (builtIn || target.name === chain)
      add('target', 'target.place', { target: target.name, table, chain });
    else if (chains && !holds(chains, target.name)) add('target', 'chain.missing', { chain: target.name });
  } else if (target.kind === 'verdict') {
    // refused by the tool: nat is for rewriting
    if (target.name === 'DROP' && place.table === 'nat') {
      add('target', 'target.place', { target: target.name, table: place.table, chain: place.chain });
    }
  } else if (!target.modelled) {
    if (hasControl(target.text)) add('target', 'value.control', { target: target.name });
    add('target', 'rule.notModelled', { target: target.name }, 'warning');
  } else {
    const extension = targetCatalog.get(target.name);
    if (extension && !fits(extension, target as unknown as Bag, place)) {
      add('target', 'target.place', { target: target.name, table: place.table, chain: place.chain });
    }
  }
  if (targetOf(rule, 'TCPMSS') && !takesOnlySyn(rule)) add('target', 'option.required', { option: '--syn' });
  const reject = targetOf(rule, 'REJECT');
  if (reject?.rejectWith === 'tcp-reset' && (rule.protocol?.value !== TCP || rule.protocol.negated)) {
    add('rejectWith', 'target.tcpReset');
  }
}

/** Whether the rule is for packets of TCP that have SYN: legacy kernels take TCPMSS with such a rule only. */
function takesOnlySyn(rule: Rule): boolean {
  const flags = findMatch(rule, 'tcp')?.flags;
  return flags ? !flags.negated && (flags.value.mask & flags.value.set & synFlags.set) !== 0 : false;
}

/**
 * All that is wrong with the form, field by field, and (when every field reads well) with the rule at its
 * place. What the form shows while it is filled in.
 */
export function validateFields(fields: RuleFields, place: RulePlace, family: Family = 'ipv4'): Finding[] {
  const findings = (Object.keys(fields) as (keyof RuleFields)[]).flatMap((name) => {
    const beside = name.endsWith('Port') ? 'protocol' : name === 'rejectWith' ? 'target' : name;
    const finding = problem({ ...pick(fields, beside), ...pick(fields, name) }, family);
    return finding?.field === name ? [finding] : [];
  });
  if (findings.length > 0) return findings;
  const whole = problem(fields, family);
  return whole ? [whole] : validateRule(ruleFromFields(fields, family), place);
}

const pick = (fields: RuleFields, name: keyof RuleFields): RuleFields =>
  fields[name] === undefined ? {} : { [name]: fields[name] };

function problem(fields: RuleFields, family: Family): Finding | null {
  try {
    ruleFromFields(fields, family);
    return null;
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
    const params = { ...error.params, ...(error.word === undefined ? {} : { value: error.word }) };
    return { field: error.field ?? 'match', code: error.code, severity: 'error', params };
  }
}
