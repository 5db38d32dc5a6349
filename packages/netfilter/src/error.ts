/** Everything that reading, building or checking a rule can object to; the console has words for each. */
export type NetfilterCode =
  // text
  | 'text.control'
  | 'text.crlf'
  | 'text.quote'
  | 'text.wordTooLong'
  | 'text.lineTooLong'
  | 'text.tooManyWords'
  // commands as typed in a shell
  | 'shell.expansion'
  | 'shell.construct'
  | 'command.missing'
  | 'command.several'
  | 'command.unknown'
  | 'route.command'
  | 'save.tableExpected'
  | 'save.tableUnknown'
  | 'save.tableTwice'
  | 'save.chainHeader'
  | 'save.chainTwice'
  | 'save.chainUnknown'
  | 'save.policy'
  | 'save.counters'
  | 'save.commit'
  | 'save.command'
  // words of a rule
  | 'word.unexpected'
  | 'word.missing'
  | 'option.unknown'
  | 'option.ambiguous'
  | 'option.twice'
  | 'option.value'
  | 'option.negated'
  | 'option.required'
  | 'option.conflict'
  | 'option.glued'
  | 'option.withCommand'
  | 'option.inRestore'
  // values
  | 'address.invalid'
  | 'address.mask'
  | 'address.several'
  | 'address.placeholder'
  | 'address.family'
  | 'protocol.unknown'
  | 'protocol.all'
  | 'protocol.needed'
  | 'port.invalid'
  | 'port.reversed'
  | 'port.tooMany'
  | 'interface.length'
  | 'interface.characters'
  | 'interface.inOutput'
  | 'interface.outInput'
  | 'comment.control'
  | 'comment.length'
  | 'number.invalid'
  | 'choice.unknown'
  | 'rate.invalid'
  | 'rate.tooFast'
  | 'range.invalid'
  | 'mac.invalid'
  | 'value.leadingDash'
  | 'value.control'
  // places
  | 'chain.name'
  | 'chain.builtIn'
  | 'chain.case'
  | 'chain.depth'
  | 'chain.exists'
  | 'chain.inUse'
  | 'chain.loop'
  | 'chain.missing'
  | 'chain.notEmpty'
  | 'chain.reserved'
  | 'target.missing'
  | 'target.unknown'
  | 'target.place'
  | 'target.tcpReset'
  | 'match.place'
  | 'extension.family'
  | 'position.invalid'
  | 'position.range'
  | 'rule.duplicate'
  | 'rule.missing'
  | 'rule.notModelled'
  // what one version of iptables does otherwise
  | 'dialect.option'
  | 'dialect.value'
  | 'dialect.kernel'
  | 'dialect.installed'
  | 'dialect.saved'
  | 'rule.neverMatches'
  // changes of a whole set
  | 'plan.escapedRule'
  | 'plan.foreignChain'
  | 'plan.notRestorable';

export type ErrorParams = Record<string, string | number>;

/** Where a text was wrong, and what would have been right. */
export interface ErrorPlace {
  /** from 1 */
  line?: number;
  /** from 1, in UTF-16 units */
  column?: number;
  /** the offending word as it was read */
  word?: string;
  /** what was expected instead: a grammar in short form, not a sentence */
  expected?: string;
  /** the form's field or the model's property that the word belongs to */
  field?: string;
  params?: ErrorParams;
}

/** The only error that this package throws for what it was given. `message` is English, for logs. */
export class NetfilterError extends Error {
  readonly code: NetfilterCode;
  line?: number;
  column?: number;
  word?: string;
  expected?: string;
  field?: string;
  readonly params: ErrorParams;

  constructor(code: NetfilterCode, place: ErrorPlace = {}) {
    super(sentence(code, place));
    this.name = 'NetfilterError';
    this.code = code;
    this.params = place.params ?? {};
    this.locate(place);
  }

  /** Adds what an outer reader knows; what is known already stays. */
  locate(place: ErrorPlace): this {
    if (place.line !== undefined) this.line ??= place.line;
    if (place.column !== undefined) this.column ??= place.column;
    if (place.word !== undefined) this.word ??= place.word;
    if (place.expected !== undefined) this.expected ??= place.expected;
    if (place.field !== undefined) this.field ??= place.field;
    this.message = sentence(this.code, this);
    return this;
  }
}

function sentence(code: NetfilterCode, place: ErrorPlace): string {
  let text: string = code;
  if (place.word !== undefined) text += ` at ${JSON.stringify(place.word)}`;
  if (place.line !== undefined) text += ` (line ${place.line}, column ${place.column ?? 1})`;
  if (place.expected !== undefined) text += `, expected ${place.expected}`;
  return text;
}
