import {
  emptyInput,
  type Finding,
  NetfilterError,
  type Rule,
  type RuleFields,
  type RuleInput,
  ruleFromInput,
  validateRule,
} from '@moru/netfilter';

/** What the form does with its rule. */
export type FormCommand = 'append' | 'insert' | 'replace';

/** The form as it is typed. */
export interface FormValues {
  command: FormCommand;
  chain: string;
  /** of `insert`: the number as typed */
  position: string;
  input: RuleInput;
}

export type TextField = Exclude<keyof RuleFields, 'states' | 'rejectWith'>;

export interface Checked {
  /** what is wrong, by field: a name of RuleFields, `position`, `chain`, or `matches.KEY` and `matches.KEY OPTION` */
  errors: ReadonlyMap<string, Pick<Finding, 'code' | 'params'>>;
  warnings: readonly Finding[];
  /** null while anything is wrong */
  rule: Rule | null;
}

interface Place {
  table: string;
  family: 'ipv4' | 'ipv6';
  /** names of all chains of the table */
  chains: readonly string[];
  /** rules of the chain that have a number */
  length: number;
}

/** Everything that is wrong with the form as it stands. */
export function checkForm({ command, chain, position, input }: FormValues, place: Place): Checked {
  const errors = new Map<string, Pick<Finding, 'code' | 'params'>>();
  if (command === 'insert' && !isPosition(position, place.length + 1)) {
    errors.set('position', { code: 'position.range', params: { position, length: place.length } });
  }
  let rule: Rule | null = null;
  try {
    rule = ruleFromInput(trimmed(input), place.family);
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
    for (const [field, finding] of errorsOf(error, input, place.family)) errors.set(field, finding);
  }
  const findings = rule ? validateRule(rule, { table: place.table, chain, chains: place.chains }) : [];
  for (const finding of findings) {
    if (finding.severity === 'error') errors.set(fieldOf(finding, input), finding);
  }
  return {
    errors,
    warnings: findings.filter(({ severity }) => severity === 'warning'),
    rule: errors.size === 0 ? rule : null,
  };
}

function isPosition(text: string, last: number): boolean {
  return /^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= last;
}

const texts: readonly TextField[] = [
  'protocol',
  'source',
  'destination',
  'sourcePort',
  'destinationPort',
  'inInterface',
  'outInterface',
  'target',
];

/** Blanks around addresses and ports come with pasting and mean nothing. */
function trimmed(input: RuleInput): RuleInput {
  const fields = { ...input.fields };
  for (const name of texts) {
    const value = fields[name]?.trim();
    if (value === '' || value === undefined) delete fields[name];
    else fields[name] = value;
  }
  if (fields.states?.length === 0) delete fields.states;
  if (fields.comment === '') delete fields.comment;
  return { ...input, fields };
}

/** Each wrong field, not the first alone: the fields are read one by one as well. */
function errorsOf(error: NetfilterError, input: RuleInput, family: Place['family']) {
  const found = new Map([entryOf(error)]);
  const { fields } = trimmed(input);
  const { protocol } = fields;
  const protocols = protocol === undefined ? {} : { protocol };
  for (const name of Object.keys(fields) as (keyof RuleFields)[]) {
    const beside = name.endsWith('Port') ? protocols : {};
    const own = errorIn(emptyInput({ ...beside, [name]: fields[name] }), family);
    if (own?.field === name) found.set(...entryOf(own));
  }
  for (const match of input.matches) {
    const own = errorIn({ ...emptyInput(protocols), matches: [match] }, family);
    if (own?.field?.startsWith('matches.')) found.set(...entryOf(own));
  }
  return found;
}

function errorIn(input: RuleInput, family: Place['family']): NetfilterError | null {
  try {
    ruleFromInput(input, family);
    return null;
  } catch (error) {
    if (error instanceof NetfilterError) return error;
    throw error;
  }
}

function entryOf(error: NetfilterError): [string, Pick<Finding, 'code' | 'params'>] {
  const { field = 'target', code, params, word, expected } = error;
  const { option } = params;
  const more = {
    ...(word === undefined ? {} : { value: word }),
    ...(expected === undefined ? {} : { expected }),
  };
  return [option === undefined ? field : `${field} ${option}`, { code, params: { ...params, ...more } }];
}

/** A finding about a match belongs to that match, where the form shows it by itself. */
function fieldOf({ field, params }: Finding, input: RuleInput): string {
  if (field !== 'match') return field === 'rejectWith' ? 'target' : field;
  const match = input.matches.find(({ name }) => name === params.match);
  return match ? `matches.${match.key}` : 'target';
}
