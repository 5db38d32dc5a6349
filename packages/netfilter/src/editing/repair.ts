import { NetfilterError } from '../error.ts';
import type { Demand } from '../read/option-walker.ts';
import { commandOfPipeline } from '../read/parse-command.ts';
import { isNote, readShell, type SimpleCommand } from '../read/shell-words.ts';
import { SourceText } from '../read/words.ts';
import { plainText } from './plain-text.ts';
import { WordRepairer } from './repair-words.ts';

/** What was changed about a text. */
export interface Repair {
  kind: RepairKind;
  from: string;
  to: string;
  /** of `from` in the text as given, in UTF-16 units */
  offset: number;
}

export type RepairKind =
  /** an en dash, em dash, minus or the like where a hyphen belongs; or none, or one too few or too many */
  | 'dash'
  | 'quote'
  /** no-break and other unusual blanks */
  | 'blank'
  /** zero-width characters, soft hyphens, byte order marks */
  | 'invisible'
  /** full-width forms of ASCII, as an East Asian keyboard types them */
  | 'fullWidth'
  | 'lineEnd'
  /** `$ ` or `root@host:~# ` before the command */
  | 'prompt'
  | 'missingBlank'
  /** a name that nearly is an option: `--tables` */
  | 'option'
  /** `etc/iptables.rules` */
  | 'path'
  /** the `*` before a table's name in a saved file */
  | 'table';

/** What a command that ends too early waits for. */
export interface Incomplete {
  /** in the text as repaired */
  offset: number;
  /** `command`: what to do is not said yet; else the kind of word that is missing */
  wants: 'command' | Demand['argument'];
  /** the option that waits (`-A`, `--dport`); null for a command */
  option: string | null;
  /** grammar in short */
  expected: string;
}

export interface Repaired {
  text: string;
  repairs: Repair[];
  /** of the last command, when it is cut short (`sudo iptables -A`) */
  incomplete: Incomplete | null;
}

/**
 * Mends the typography of a typed or pasted command, or of several lines of them: dashes, quotes, blanks and characters
 * that word processors and web pages put in (reference/guide-traps.md), options named without their dash, and blanks
 * that got lost. Every change is told. Text in quotes and comments stays as it is, and so does everything that could
 * mean something as it stands. What cannot be read stays; `parseCommand` then says why.
 */
export function repairCommand(text: string): Repaired {
  const plain = plainText(text);
  const edits: Edit[] = [];
  let incomplete: Incomplete | null = null;
  for (const block of blocks(plain.text)) {
    for (const call of block.calls) {
      const repairer = new WordRepairer(block.offset);
      const found = repairer.repair(call);
      // what reads as it stands is meant so; only a path is told even then
      edits.push(...(reads(call) ? found.filter(({ kind }) => kind === 'path') : found));
      incomplete = repairer.incomplete;
    }
  }
  const { text: mended, moved } = applyEdits(plain.text, edits);
  const repairs = edits.map(({ kind, start, end, to }) => {
    const offset = plain.origin(start);
    return { kind, from: text.slice(offset, plain.origin(end)), to, offset };
  });
  return {
    text: mended,
    repairs: [...plain.repairs, ...repairs].toSorted((a, b) => a.offset - b.offset),
    incomplete: incomplete && { ...incomplete, offset: moved(incomplete.offset) },
  };
}

/** A change to make, in offsets of the text that it is made to. */
export interface Edit {
  kind: RepairKind;
  start: number;
  end: number;
  to: string;
}

function applyEdits(
  text: string,
  edits: readonly Edit[],
): { text: string; moved: (offset: number) => number } {
  let out = '';
  let from = 0;
  for (const { start, end, to } of edits) {
    out += text.slice(from, start) + to;
    from = end;
  }
  const moved = (offset: number) =>
    edits.reduce((at, { start, end, to }) => (end <= offset ? at + to.length - (end - start) : at), offset);
  return { text: out + text.slice(from), moved };
}

function reads(call: SimpleCommand): boolean {
  try {
    // places do not matter here
    commandOfPipeline([{ ...call, operator: null }], new SourceText(''));
    return true;
  } catch (error) {
    if (error instanceof NetfilterError) return false;
    throw error;
  }
}

interface Block {
  calls: SimpleCommand[];
  /** of its text in the whole */
  offset: number;
}

/** The program calls of a text. Where it cannot be read whole, line by line: a bad line does not spoil the others. */
function blocks(text: string): Block[] {
  const calls = callsOf(text);
  if (calls) return [{ calls, offset: 0 }];
  let offset = 0;
  return text.split('\n').map((line) => {
    const block = { calls: callsOf(line) ?? [], offset };
    offset += line.length + 1;
    return block;
  });
}

function callsOf(text: string): SimpleCommand[] | null {
  try {
    return readShell(text).filter((item) => !isNote(item)) as SimpleCommand[];
  } catch (error) {
    if (error instanceof NetfilterError) return null;
    throw error;
  }
}
