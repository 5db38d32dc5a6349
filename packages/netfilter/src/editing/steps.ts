import { NetfilterError } from '../error.ts';
import type { Command } from '../read/command.ts';
import { type CommandOptions, commandOfPipeline, locator } from '../read/parse-command.ts';
import { isNote, readShell, type ShellNote, type SimpleCommand } from '../read/shell-words.ts';
import { moved, SourceText } from '../read/words.ts';
import { type Incomplete, type Repair, repairCommand } from './repair.ts';
import { isRouteProgram, type RouteCommand, readRouteCommand } from './route-command.ts';

/** One command of what was typed or pasted. */
export interface Step {
  /** as repaired, without notes */
  text: string;
  /** of its text in the repaired whole */
  offset: number;
  /** comment lines before it and behind it, without `#` (`#case1. …`) */
  notes: string[];
  /** null when it could not be read */
  command: Command | RouteCommand | null;
  error: NetfilterError | null;
  /** the command ends too early: what could follow */
  incomplete: Incomplete | null;
}

export interface Steps {
  /** the whole text as repaired */
  text: string;
  repairs: Repair[];
  steps: Step[];
  /** comment lines behind the last command */
  notes: string[];
}

/**
 * Reads a pasted block as a list of steps: repairs its typography, divides it as a shell does, keeps comment lines as
 * notes of the command that follows, and reads each command of `iptables` and of the routes. Never throws for what it
 * is given: what is wrong with a step stands in the step, with line and column in the repaired text.
 * Nothing of `&&` and `||` is judged: each command is a step of its own.
 */
export function readSteps(text: string, options: CommandOptions = {}): Steps {
  const { text: repaired, repairs } = repairCommand(text);
  const whole = new SourceText(repaired);
  const steps: Step[] = [];
  let notes: string[] = [];
  for (const block of blocks(repaired)) {
    if (block.error) {
      const error = moved(block.error, placeIn(block.error, block, whole));
      const { source, offset } = block;
      steps.push({ text: source.text, offset, notes, command: null, error, incomplete: null });
      notes = [];
    }
    for (const item of block.items) {
      if ('note' in item) {
        notes.push(item.note);
        continue;
      }
      steps.push(stepOf(item.calls, block, whole, notes, options));
      notes = [];
    }
  }
  return { text: repaired, repairs, steps, notes };
}

interface Block {
  source: SourceText;
  offset: number;
  items: (ShellNote | { calls: [SimpleCommand, ...SimpleCommand[]] })[];
  error: NetfilterError | null;
}

/** The whole text; or, where a shell could not read it whole, its lines. */
function blocks(text: string): Block[] {
  const whole = block(text, 0);
  if (!whole.error || !text.includes('\n')) return [whole];
  let offset = 0;
  return text.split('\n').map((line) => {
    const one = block(line, offset);
    offset += line.length + 1;
    return one;
  });
}

function block(text: string, offset: number): Block {
  try {
    return { source: new SourceText(text), offset, items: pipelines(readShell(text)), error: null };
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
    return { source: new SourceText(text), offset, items: [], error };
  }
}

function pipelines(items: readonly (SimpleCommand | ShellNote)[]): Block['items'] {
  const out: Block['items'] = [];
  let open: [SimpleCommand, ...SimpleCommand[]] | null = null;
  for (const item of items) {
    if (isNote(item)) {
      out.push(item);
      continue;
    }
    if (open) open.push(item);
    else {
      open = [item];
      out.push({ calls: open });
    }
    if (item.operator !== '|') open = null;
  }
  return out;
}

/** The place of an error that was read in a block, in the whole text. */
function placeIn(error: NetfilterError, block: Block, whole: SourceText): { line: number; column: number } {
  const { line, column } = whole.place(block.offset);
  const inLine = error.line ?? 1;
  return { line: line + inLine - 1, column: (error.column ?? 1) + (inLine === 1 ? column - 1 : 0) };
}

function stepOf(
  calls: [SimpleCommand, ...SimpleCommand[]],
  block: Block,
  whole: SourceText,
  notes: string[],
  options: CommandOptions,
): Step {
  const start = calls[0].start;
  const end = calls.at(-1)?.end ?? start;
  const text = block.source.text.slice(start, end);
  const step: Step = {
    text,
    offset: block.offset + start,
    notes,
    command: null,
    error: null,
    incomplete: null,
  };
  try {
    step.command = routeCommand(calls, block.source) ?? commandOfPipeline(calls, block.source, options);
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
    step.error = moved(error, placeIn(error, block, whole));
    const cut = error.code === 'word.missing' || error.code === 'command.missing';
    const { incomplete } = cut ? repairCommand(text) : { incomplete: null };
    step.incomplete = incomplete && { ...incomplete, offset: incomplete.offset + step.offset };
  }
  return step;
}

function routeCommand(calls: readonly SimpleCommand[], source: SourceText): RouteCommand | null {
  const [call] = calls;
  const words = call?.words ?? [];
  const from = words.findIndex((word) => word.text !== 'sudo');
  const program = words[from]?.text.replace(/^(\/usr)?\/s?bin\//, '');
  if (!call || program === undefined || !isRouteProgram(program)) return null;
  const [first, ...rest] = words.slice(from);
  return readRouteCommand(first ? [{ ...first, text: program }, ...rest] : [], locator(source, call));
}
