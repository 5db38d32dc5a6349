import { completeRuleSet, NetfilterError, parseSave, type RuleSet } from '@moru/netfilter';
import { ProblemError } from '@moru/types';
import { escapeControls } from '../firewall/hostile.ts';
import { ownedText } from '../firewall/revision.ts';
import { readRules } from '../firewall/rules.ts';
import type { Iptables } from '../firewall/tools.ts';
import { runProgram } from '../process/start.ts';
import { changedTables, mergedTable } from '../trial/draft.ts';
import { restoreCommand } from '../trial/guard-plan.ts';
import { payloadText, testRestore } from '../trial/read-changes.ts';
import { tableOf } from '../trial/rewrite.ts';

const limits = { timeoutMs: 30_000, maxBytes: 64 * 1024 };

/** The rules of a file. Throws an Error for a text that is none: a file that is empty loads, and leaves a host open. */
function readRuleText(text: string, family: RuleSet['family']): RuleSet {
  const set = parseSave(text, { family, unreadable: 'keep' });
  if (!tableOf(set, 'filter')) throw new Error('it holds no table filter');
  return set;
}

/**
 * Makes the owned chains of a family those of `text`, whatever stands in them. Null when they are; else why they are
 * not, in words.
 */
export async function loadRules(iptables: Iptables, text: string): Promise<string | null> {
  try {
    const wanted = readRuleText(text, iptables.family);
    const live = await readRules(iptables);
    const base = wanted.tables.reduce(
      (set, { name }) => completeRuleSet(set, name),
      completeRuleSet(live.set),
    );
    const tables = base.tables.map((table) => {
      const given = tableOf(wanted, table.name);
      // a table that is not saved has nothing in it that is ours
      return mergedTable(given ?? { ...table, chains: [] }, table);
    });
    const target = completeRuleSet({ ...base, tables });
    const change = {
      base,
      wanted: target,
      tables: changedTables(base, target),
      errors: [],
      warnings: [],
      iptables,
    };
    const input = payloadText(change);
    const test = await testRestore(iptables, input);
    if (test.exitCode !== 0) return escapeControls(test.stderr.trim()) || 'iptables-restore refuses it';
    const { program, args } = restoreCommand(iptables);
    const { exitCode, stderr } = await runProgram(program, args, limits, input);
    if (exitCode !== 0) return escapeControls(stderr.trim()) || 'iptables-restore refuses it';
    const now = await readRules(iptables);
    return ownedText(now.set) === ownedText(target) ? null : 'the rules that run are not those of the file';
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.upstream ?? error.message;
    if (error instanceof NetfilterError || error instanceof Error) return escapeControls(error.message);
    throw error;
  }
}
