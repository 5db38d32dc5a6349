import {
  type CheckAnswer,
  type CheckedFamily,
  type CheckRequest,
  familySchema,
  ProblemError,
  type WantedRules,
} from '@moru/types';
import { differencesOf } from '../firewall/differences.ts';
import { escapeControls } from '../firewall/hostile.ts';
import { revisionOf } from '../firewall/revision.ts';
import { readRules } from '../firewall/rules.ts';
import type { Iptables } from '../firewall/tools.ts';
import { readDraft } from './draft.ts';
import type { TrialHost } from './host.ts';
import { payloadText, testRestore } from './read-changes.ts';

/**
 * Judges wanted rules without changing or arming anything: our own validation, then the host's own tool, and what
 * would change. Throws ProblemError `rule.hostile` or `host.*`.
 */
export async function checkRules(host: TrialHost, request: CheckRequest): Promise<CheckAnswer> {
  const answer: CheckAnswer = { access: null };
  for (const family of familySchema.options) {
    const wanted = request[family];
    if (wanted) answer[family] = await checkFamily(await host.tools.of(family), wanted);
  }
  return answer;
}

async function checkFamily(iptables: Iptables, wanted: WantedRules): Promise<CheckedFamily> {
  const live = await readRules(iptables);
  if (live.hostile) throw new ProblemError('rule.hostile');
  const revision = revisionOf(live.set);
  const draft = readDraft(wanted.rules, live.set);
  const checked: CheckedFamily = {
    revision,
    stale: revision !== wanted.revision,
    errors: draft.errors,
    warnings: draft.warnings,
    test: null,
    difference: [],
  };
  if (draft.wanted === null) return checked;
  const change = { ...draft, wanted: draft.wanted, iptables };
  const { exitCode, stderr } = await testRestore(iptables, payloadText(change));
  return {
    ...checked,
    test: { exitCode: exitCode ?? -1, words: escapeControls(stderr.trim()) },
    difference: differencesOf(draft.base, draft.wanted),
  };
}
