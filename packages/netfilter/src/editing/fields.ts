import { NetfilterError } from '../error.ts';
import { findMatch, targetOf } from '../extensions/catalog.ts';
import type { Family, Match, Negatable, Rule } from '../model.ts';
import { printRule } from '../print/print.ts';
import { parseRule } from '../read/parse-rule.ts';
import { printRange, type Range } from '../values/codecs.ts';
import { isPlainInterface } from '../values/interface-name.ts';
import { protocolName, protocolNumber, TCP, UDP } from '../values/protocols.ts';
import { byteLength, hasControl, quoteWord } from '../values/quote.ts';

/**
 * What the console's form holds: text as typed, with a leading `! ` where the condition is turned round.
 * Ports are `22`, `80:443`, or a list `22,80,443` (multiport). `target` is a verdict, REJECT or a chain.
 */
export interface RuleFields {
  protocol?: string;
  source?: string;
  destination?: string;
  sourcePort?: string;
  destinationPort?: string;
  inInterface?: string;
  outInterface?: string;
  states?: string[];
  comment?: string;
  target?: string;
  rejectWith?: string;
}

/** Comments that we write; the kernel keeps 255 (reference/security.md section 3). */
export const maxCommentBytes = 200;

/**
 * Builds the rule that the form describes, matches in the order tcp/udp, multiport, conntrack, comment.
 * Throws NetfilterError whose `field` names the field that is wrong.
 */
export function ruleFromFields(fields: RuleFields, family: Family = 'ipv4'): Rule {
  const { conditions: tests, matches } = fieldWords(fields);
  const words = [...tests, ...[...matches.values()], ...action(fields)];
  try {
    return parseRule(words.join(' '), { family, oldNegation: false });
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
    // line and column would be those of a text that nobody has seen
    const { code, params, word, expected } = error;
    const field = error.field?.replace(/Ports$/, 'Port') ?? 'target';
    throw new NetfilterError(code, {
      params,
      field,
      ...(word === undefined ? {} : { word }),
      ...(expected === undefined ? {} : { expected }),
    });
  }
}

/** The words of the fields: of the rule itself, and by key of each match that they make. */
interface FieldWords {
  conditions: string[];
  matches: Map<'ports' | 'multiport' | 'conntrack' | 'comment', string>;
}

function fieldWords(fields: RuleFields): FieldWords {
  for (const [field, value] of Object.entries(fields)) checkText(field, value);
  return { conditions: conditions(fields), matches: extensions(fields) };
}

/** As `fieldWords`, once the fields make a rule without what stands beside them. Throws as `ruleFromFields`. */
export function basicBlocks(
  { target: _, rejectWith: __, ...fields }: RuleFields,
  family: Family,
): FieldWords {
  ruleFromFields(fields, family);
  return fieldWords(fields);
}

function checkText(field: string, value: string | string[] | undefined): void {
  for (const text of Array.isArray(value) ? value : [value ?? '']) {
    if (hasControl(text)) {
      throw new NetfilterError(field === 'comment' ? 'comment.control' : 'value.control', { field });
    }
    if (field === 'comment') {
      if (byteLength(text) > maxCommentBytes) {
        throw new NetfilterError('comment.length', { field, params: { max: maxCommentBytes } });
      }
    } else if (negation(text)[1].startsWith('-')) {
      throw new NetfilterError('value.leadingDash', { field, word: text });
    }
  }
}

/** Splits `! 10.0.0.1` into `! ` and the value. */
function negation(value: string): [not: string, value: string] {
  const text = value.trim();
  return text.startsWith('!') ? ['! ', text.slice(1).trim()] : ['', text];
}

function option(name: string, value: string | undefined): string[] {
  const [not, text] = negation(value ?? '');
  return text === '' && not === '' ? [] : [`${not}${name} ${quoteWord(text)}`];
}

function conditions(fields: RuleFields): string[] {
  for (const field of ['inInterface', 'outInterface'] as const) {
    const name = negation(fields[field] ?? '')[1];
    if (name === '' || isPlainInterface(name)) continue;
    const expected = 'letters, digits, _ . : - and + at the end';
    throw new NetfilterError('interface.characters', { field, word: name, expected });
  }
  return [
    ...option('-s', fields.source),
    ...option('-d', fields.destination),
    ...option('-i', fields.inInterface),
    ...option('-o', fields.outInterface),
    ...option('-p', fields.protocol),
  ];
}

function extensions(fields: RuleFields): FieldWords['matches'] {
  const matches: FieldWords['matches'] = new Map();
  const single: string[] = [];
  const listed: string[] = [];
  for (const [field, one, many] of portOptions) {
    const value = fields[field]?.trim() ?? '';
    if (value === '') continue;
    if (!hasPorts(fields.protocol))
      throw new NetfilterError('protocol.needed', { field, expected: 'tcp | udp' });
    if (value.includes(',')) listed.push(...option(many, value));
    else single.push(...option(one, value));
  }
  if (single.length > 0) matches.set('ports', single.join(' '));
  // a multiport holds one list: the second one is a match of its own
  if (listed.length > 0) matches.set('multiport', `-m multiport ${listed.join(' -m multiport ')}`);
  const states = fields.states ?? [];
  if (states.length > 0) {
    const [not] = negation(states[0] ?? '');
    const words = states.map((word) => negation(word)[1]).join(',');
    matches.set('conntrack', `-m conntrack ${not}--ctstate ${quoteWord(words)}`);
  }
  const comment = fields.comment ?? '';
  if (comment !== '') matches.set('comment', `-m comment --comment ${quoteWord(comment)}`);
  return matches;
}

const portOptions = [
  ['sourcePort', '--sport', '--sports'],
  ['destinationPort', '--dport', '--dports'],
] as const;

/** The form offers ports for tcp and udp only. */
function hasPorts(protocol = ''): boolean {
  const [not, name] = negation(protocol);
  if (not !== '' || name === '') return false;
  try {
    const number = protocolNumber(name);
    return number === TCP || number === UDP;
  } catch {
    return false;
  }
}

function action(fields: RuleFields): string[] {
  const target = fields.target?.trim() ?? '';
  const answer = fields.rejectWith?.trim() ?? '';
  if (answer !== '' && target !== 'REJECT') {
    throw new NetfilterError('option.conflict', { field: 'rejectWith', expected: 'only with REJECT' });
  }
  return [...option('-j', target), ...option('--reject-with', answer)];
}

/**
 * The form's fields of a rule, or null when the rule says anything that they do not hold: fields that are not
 * null give exactly this rule again.
 */
export function fieldsOfRule(rule: Rule, family: Family = 'ipv4'): RuleFields | null {
  const { fields } = basicFields(rule);
  const reject = targetOf(rule, 'REJECT');
  if (reject) fields.rejectWith = reject.rejectWith;
  try {
    return printRule(ruleFromFields(fields, family)) === printRule(rule) ? fields : null;
  } catch (error) {
    if (error instanceof NetfilterError) return null;
    throw error;
  }
}

/** What of a rule the fields can hold, and the matches that they hold, ports of a match that says more included. */
export function basicFields(rule: Rule): { fields: RuleFields; taken: ReadonlySet<Match> } {
  const fields: RuleFields = {};
  const taken = new Set<Match>();
  const set = (field: Exclude<keyof RuleFields, 'states'>, held: Negatable<string> | null): void => {
    if (held) fields[field] = signed(held);
  };
  set('source', rule.source);
  set('destination', rule.destination);
  set('inInterface', rule.inInterface);
  set('outInterface', rule.outInterface);
  if (rule.protocol) {
    const { negated, value } = rule.protocol;
    set('protocol', { negated, value: protocolName(value) });
  }
  const ports = findMatch(rule, 'tcp') ?? findMatch(rule, 'udp');
  if (ports && hasPorts(fields.protocol)) {
    set('sourcePort', portText(ports.sourcePort));
    set('destinationPort', portText(ports.destinationPort));
    taken.add(ports);
  }
  const many = findMatch(rule, 'multiport');
  if (many && !many.eitherPorts && hasPorts(fields.protocol) && isFree(fields, many)) {
    set('sourcePort', portListText(many.sourcePorts));
    set('destinationPort', portListText(many.destinationPorts));
    taken.add(many);
  }
  const tracked = findMatch(rule, 'conntrack');
  const states = tracked?.states;
  if (states && Object.values(tracked).filter((value) => value !== null).length === 3) {
    fields.states = states.value.map((state, i) => (states.negated && i === 0 ? `! ${state}` : state));
    taken.add(tracked);
  }
  const comment = findMatch(rule, 'comment');
  if (comment && comment.comment !== '') {
    fields.comment = comment.comment;
    taken.add(comment);
  }
  if (rule.target) fields.target = rule.target.name;
  return { fields, taken };
}

/** A list that has one port only would be read as a single port, and one that is taken as another list. */
function isFree(fields: RuleFields, { sourcePorts, destinationPorts }: KnownMultiport): boolean {
  const fits = (field: string | undefined, held: KnownMultiport['sourcePorts']) =>
    held === null || (field === undefined && held.value.length > 1);
  return fits(fields.sourcePort, sourcePorts) && fits(fields.destinationPort, destinationPorts);
}

type KnownMultiport = Extract<Match, { name: 'multiport'; modelled: true }>;

const signed = (held: Negatable<string>): string => (held.negated ? `! ${held.value}` : held.value);

function portText(ports: Negatable<Range> | null): Negatable<string> | null {
  return ports && { negated: ports.negated, value: printRange(ports.value) };
}

function portListText(ports: Negatable<Range[]> | null): Negatable<string> | null {
  return ports && { negated: ports.negated, value: ports.value.map(printRange).join(',') };
}
