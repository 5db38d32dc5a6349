import { NetfilterError } from '../error.ts';
import { type Extension, matchCatalog, targetCatalog } from '../extensions/catalog.ts';
import type { Family, Match, Rule } from '../model.ts';
import { printMatch, printTarget } from '../print/print.ts';
import { parseRule } from '../read/parse-rule.ts';
import { plainWord } from '../values/quote.ts';
import { basicBlocks, basicFields, type RuleFields } from './fields.ts';
import {
  type OptionForm,
  type OptionText,
  optionForms,
  optionTexts,
  printOptionTexts,
} from './option-texts.ts';

/** A condition beyond the form's own fields. */
export interface MatchInput {
  /** tells it from others of the same name */
  key: string;
  name: string;
  options: OptionText[];
  /** the text behind `-m NAME` of a match that is not modelled */
  text?: string;
}

/** A whole rule as a form holds it: nothing of the rule is beside it. */
export interface RuleInput {
  /** without `rejectWith`: that is an option of the target */
  fields: RuleFields;
  /** `later`: second and further fragments only (`-f`); `first`: all others */
  fragment: 'later' | 'first' | null;
  matches: MatchInput[];
  /** the target is a chain from which packets do not come back (`-g`) */
  goto: boolean;
  targetOptions: OptionText[];
  /** text of the options of a target that is not modelled */
  targetText: string;
  /** in which order the matches stood */
  order: string[];
}

/** Keys of the blocks that the fields make; a match of that name which says more has its options beside them. */
const blockKeys: Readonly<Record<string, string>> = {
  tcp: 'ports',
  udp: 'ports',
  multiport: 'multiport',
  conntrack: 'conntrack',
  comment: 'comment',
};

export const emptyInput = (fields: RuleFields = {}): RuleInput => ({
  fields,
  fragment: null,
  matches: [],
  goto: false,
  targetOptions: [],
  targetText: '',
  order: [],
});

/** Null for a rule that is held as text because it could not be read. */
export function ruleInputOf(rule: Rule): RuleInput | null {
  if (rule.verbatim !== null) return null;
  const { fields, taken } = basicFields(rule);
  const order: string[] = [];
  const matches: MatchInput[] = [];
  for (const [index, match] of rule.matches.entries()) {
    const key = taken.has(match) ? (blockKeys[match.name] ?? match.name) : `${match.name} ${index + 1}`;
    order.push(key);
    const input = furtherInput(match, key, taken);
    if (input) matches.push(input);
  }
  const { target } = rule;
  const extension =
    target?.kind === 'extension' && target.modelled ? targetCatalog.get(target.name) : undefined;
  const printed = target ? printTarget(target).trim().split(' ').slice(2).join(' ') : '';
  return {
    fields,
    fragment: rule.fragment === null ? null : rule.fragment ? 'later' : 'first',
    matches,
    goto: target?.kind === 'chain' && target.goto,
    targetOptions: extension ? optionTexts(printed, extension) : [],
    targetText: target?.kind === 'extension' && !target.modelled ? target.text : '',
    order,
  };
}

/** What of a match the fields do not hold; null when they hold all of it. */
function furtherInput(match: Match, key: string, taken: ReadonlySet<Match>): MatchInput | null {
  if (!match.modelled) return { key, name: match.name, options: [], text: match.text };
  const extension = matchCatalog.get(match.name);
  if (!extension) return null;
  const printed = printMatch(match).trim().split(' ').slice(2).join(' ');
  const options = optionTexts(printed, extension);
  if (!taken.has(match)) return { key, name: match.name, options };
  if (key !== 'ports') return null;
  const rest = options.filter(({ option }) => option !== '--sport' && option !== '--dport');
  const bare = options.length === 0;
  return rest.length > 0 || bare ? { key, name: match.name, options: rest } : null;
}

/**
 * The rule of a form. Throws NetfilterError whose `field` is one of RuleFields, `target`, or `matches.KEY` with the
 * option in `params.option` where one is to blame.
 */
export function ruleFromInput(input: RuleInput, family: Family = 'ipv4'): Rule {
  const basic = basicBlocks(input.fields, family);
  const blocks = new Map<string, string>(basic.matches);
  for (const match of input.matches) {
    const text = printInput(match);
    const own = match.key === 'ports' ? blocks.get('ports') : undefined;
    blocks.set(match.key, own === undefined ? `-m ${match.name} ${text}` : `${own} ${text}`);
    checkMatch(match, blocks.get(match.key) ?? '', input, family);
  }
  const place = (key: string) => (input.order.includes(key) ? input.order.indexOf(key) : input.order.length);
  const inOrder = [...blocks].toSorted(([a], [b]) => place(a) - place(b)).map(([, text]) => text);
  const fragment = input.fragment === null ? [] : [input.fragment === 'later' ? '-f' : '! -f'];
  const conditions = [...basic.conditions, ...fragment, ...inOrder];
  try {
    return read([...conditions, ...action(input)], family, 'target');
  } catch (error) {
    const isOfTarget = error instanceof NetfilterError && !isField(error.field);
    const extension = targetCatalog.get(input.fields.target ?? '');
    throw isOfTarget ? blamed(error, 'target', input.targetOptions, extension) : error;
  }
}

const ruleFields: readonly (keyof RuleFields)[] = [
  'protocol',
  'source',
  'destination',
  'sourcePort',
  'destinationPort',
  'inInterface',
  'outInterface',
  'states',
  'comment',
  'target',
];

const isField = (name = ''): boolean => (ruleFields as readonly string[]).includes(name);

const printInput = ({ name, options, text }: MatchInput): string => {
  const extension = matchCatalog.get(name);
  return extension ? printOptionTexts(options, extension) : (text ?? '');
};

function action({ fields, goto, targetOptions, targetText }: RuleInput): string[] {
  const name = fields.target?.trim() ?? '';
  if (name === '') return [];
  const extension = targetCatalog.get(name);
  const options = extension ? printOptionTexts(targetOptions, extension) : targetText;
  return [goto ? '-g' : '-j', plainWord(name), options].filter(Boolean);
}

/** A match is read by itself first, with the protocol that it may need, so that it is known which one is wrong. */
function checkMatch(
  { key, name, options }: MatchInput,
  text: string,
  input: RuleInput,
  family: Family,
): void {
  const { conditions } = basicBlocks({ protocol: input.fields.protocol ?? '' }, family);
  try {
    read([...conditions, text], family, 'match');
  } catch (error) {
    throw blamed(error, `matches.${key}`, options, matchCatalog.get(name));
  }
}

/** An error of an option of a match or target: which one, and that it has no value where that is what is wrong. */
function blamed(
  error: unknown,
  field: string,
  options: readonly OptionText[],
  extension: Extension | undefined,
): unknown {
  if (!(error instanceof NetfilterError)) return error;
  const keyOf = (option: string) => extension?.options.get(option)?.key;
  const wrong = options.find(({ option }) => keyOf(option) === error.field);
  if (!wrong) return placed(error, field);
  const code = wrong.value.trim() === '' ? 'option.required' : error.code;
  return placed(error, field, { option: wrong.option }, code);
}

function read(words: readonly string[], family: Family, field: string): Rule {
  try {
    return parseRule(words.join(' '), { family, oldNegation: false });
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
    throw placed(error, error.field ?? field);
  }
}

/** Without line and column, which would be those of a text that nobody has seen. */
function placed(
  error: NetfilterError,
  field: string,
  more: Record<string, string> = {},
  code = error.code,
): NetfilterError {
  const { params, word, expected } = error;
  return new NetfilterError(code, {
    params: { ...params, ...more },
    field: field.replace(/Ports$/, 'Port'),
    ...(word === undefined ? {} : { word }),
    ...(expected === undefined ? {} : { expected }),
  });
}

/** What a form can offer: a match or target with its options. */
export interface ExtensionForm {
  name: string;
  options: OptionForm[];
}

const forms = (catalog: typeof matchCatalog): ExtensionForm[] =>
  [...new Set(catalog.values())].map((extension) => ({
    name: extension.name,
    options: optionForms(extension),
  }));

/** Every match that is modelled, in the order of the registry. */
export const matchForms = (): ExtensionForm[] => forms(matchCatalog);

/** Every target extension that is modelled. */
export const targetForms = (): ExtensionForm[] => forms(targetCatalog);
