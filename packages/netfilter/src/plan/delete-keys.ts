import type { Negatable, Rule } from '../model.ts';
import { printRule } from '../print/print.ts';
import { sameOutline } from './same-rule.ts';

/** Finds rules that `-D` of nft cannot tell apart, and prints each at most once. */
export class DeleteKeys {
  private readonly rules: readonly Rule[];
  private readonly known = new Map<number, string>();

  constructor(rules: readonly Rule[]) {
    this.rules = rules;
  }

  /** Indices of the rules ahead of this one that `-D` with its text would take instead. */
  equalAhead(index: number): number[] {
    const rule = this.rules[index];
    const found: number[] = [];
    for (let i = 0; i < index; i++) {
      const other = this.rules[i];
      if (rule && other && mayBeTaken(other, rule) && this.key(i) === this.key(index)) found.push(i);
    }
    return found;
  }

  private key(index: number): string {
    let key = this.known.get(index);
    if (key === undefined) {
      const rule = this.rules[index];
      key = rule ? deleteKey(rule) : '';
      this.known.set(index, key);
    }
    return key;
  }
}

/** False, without printing, for most rules that have different keys. */
function mayBeTaken(a: Rule, b: Rule): boolean {
  return sameOutline(a, b) && sameAddress(a.source, b.source) && sameAddress(a.destination, b.destination);
}

/**
 * What nft (1.8.7, 1.8.9, 1.8.11) compares of a rule when it looks for the one to delete. Of `-m helper` and `-m connlabel` it compares
 * nothing but the name: `-D … --helper ftp` takes `-m helper ! --helper sip` away when that stands ahead. Of IPv6
 * addresses it does not compare the masks: `-D … -s fd00::/64` takes `-s fd00::/8` away, and `-s ::/128` a rule without
 * a source. All else is compared.
 */
function deleteKey(rule: Rule): string {
  const text = printRule({ ...rule, source: null, destination: null });
  return [comparedAddress(rule.source), comparedAddress(rule.destination), withoutIgnored(text)].join(' ');
}

const word = '(?:"(?:[^"\\\\]|\\\\.)*"|\\S+)';
const ignored = new RegExp(`-m (helper (?:! )?--helper|connlabel (?:! )?--label) ${word}(?: --set)?`, 'g');

function withoutIgnored(text: string): string {
  if (!text.includes('-m helper ') && !text.includes('-m connlabel ')) return text;
  return text.replaceAll(ignored, (_, [first]: string) => (first === 'h' ? '-m helper' : '-m connlabel'));
}

function comparedAddress(held: Negatable<string> | null): string {
  if (held === null) return '';
  const { value, negated } = held;
  const address = value.includes(':') ? value.slice(0, value.indexOf('/')) : value;
  return `${negated ? '! ' : ''}${address === '::' ? '' : address}`;
}

function sameAddress(a: Negatable<string> | null, b: Negatable<string> | null): boolean {
  if (a === b || (a !== null && b !== null && a.value === b.value && a.negated === b.negated)) return true;
  return comparedAddress(a) === comparedAddress(b);
}
