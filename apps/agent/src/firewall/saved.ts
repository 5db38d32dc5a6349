import { parseSave, type RuleSet } from '@moru/netfilter';
import { type Family, type FirewallState, ProblemError } from '@moru/types';
import { ownedText } from './revision.ts';
import { readRulesFile } from './rules-file.ts';

function equals(text: string, family: Family, set: RuleSet): boolean {
  try {
    return ownedText(parseSave(text, { family })) === ownedText(set);
  } catch {
    // a file that does not load does not hold what runs (the guide's own form, first line `filter`, is one)
    return false;
  }
}

/** Compares the file with what runs. A file that `save` would refuse to touch never matches. */
export async function readSaved(path: string, family: Family, set: RuleSet): Promise<FirewallState['saved']> {
  try {
    const file = await readRulesFile(path);
    if (!file) return { path, exists: false, matches: null, modifiedAt: null };
    const matches = !file.truncated && equals(file.text, family, set);
    return { path, exists: true, matches, modifiedAt: file.modifiedAt.toISOString() };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { path, exists: true, matches: false, modifiedAt: null };
  }
}
