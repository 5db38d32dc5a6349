import type { Rule } from '../model.ts';
import { printRule } from './print.ts';

/** One edit of one chain, as the console and the agent exchange it. */
export interface RuleEdit {
  type: 'append' | 'delete';
  table: string;
  chain: string;
  rule: Rule;
  /** of a delete by position, from 1 */
  number?: number;
}

/**
 * The line that an administrator would type for the edit (`sudo iptables -A INPUT -p tcp …`). To read and copy:
 * nothing of this project runs it. A delete with a number names the position, as the guide does.
 */
export function commandOf(edit: RuleEdit, program: 'iptables' | 'ip6tables' = 'iptables'): string {
  const table = edit.table === 'filter' ? '' : `-t ${edit.table} `;
  const head = `sudo ${program} ${table}${edit.type === 'append' ? '-A' : '-D'} ${edit.chain}`;
  if (edit.type === 'delete' && edit.number !== undefined) return `${head} ${edit.number}`;
  const words = shellSafe(printRule(edit.rule));
  return words === '' ? head : `${head} ${words}`;
}

/**
 * Save form in a shell's double quotes: the shell would expand `$`, a backquote and (interactively) `!` there,
 * and it keeps the backslash that save form puts before an apostrophe.
 */
function shellSafe(words: string): string {
  let out = '';
  let quote = false;
  let plainFrom = 0;
  for (let i = 0; i < words.length; i++) {
    const c = words[i];
    if (c === '"' && !quote) {
      out += words.slice(plainFrom, i);
      plainFrom = i + 1;
      quote = true;
    } else if (quote && c === '\\') {
      i++;
    } else if (quote && c === '"') {
      out += singleQuoted(words.slice(plainFrom, i));
      plainFrom = i + 1;
      quote = false;
    }
  }
  return out + words.slice(plainFrom);
}

/** A shell word of the inside of a save-form string: single quotes keep everything but themselves. */
function singleQuoted(inside: string): string {
  const value = inside.replaceAll(/\\(.)/g, '$1');
  if (/^[^$`"\\!]*$/.test(value)) return `"${value}"`;
  return `'${value.replaceAll("'", "'\\''")}'`;
}
