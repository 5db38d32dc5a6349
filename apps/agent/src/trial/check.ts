import {
  type CheckAnswer,
  type CheckedFamily,
  type CheckRequest,
  familySchema,
  ProblemError,
  type WantedRules,
} from '@moru/types';
import type { Ends } from '../access/report.ts';
import { lookAround } from '../access/surroundings.ts';
import { differencesOf } from '../firewall/differences.ts';
import { escapeControls } from '../firewall/hostile.ts';
import { revisionOf } from '../firewall/revision.ts';
import { readRules } from '../firewall/rules.ts';
import type { Iptables } from '../firewall/tools.ts';
import { checkRoutes } from '../routing/check.ts';
import { changesAccess } from './changes-access.ts';
import { readDraft } from './draft.ts';
import type { TrialHost } from './host.ts';
import { payloadText, readChanges, testRestore } from './read-changes.ts';

/**
 * Judges a change without making or arming anything: our own validation, then the host's own tool, what would change,
 * and what becomes of the ways that must survive. Throws ProblemError `rule.hostile` or `host.*`.
 */
export async function checkChange(
  host: TrialHost,
  request: CheckRequest,
  ends: Ends | null,
): Promise<CheckAnswer> {
  const answer: CheckAnswer = { access: null };
  for (const family of familySchema.options) {
    const wanted = request[family];
    if (wanted) answer[family] = await checkFamily(await host.tools.of(family), wanted);
  }
  if (request.routes) {
    const { edits, revision } = request.routes;
    const peers = [
      ...request.access.console,
      ...(request.access.administrator ?? '').split(' ').filter(Boolean),
    ];
    const checked = await checkRoutes({ edits, peers }, host.config.listen.port);
    answer.routes = { ...checked, stale: checked.revision !== revision };
  }
  const broken = [answer.ipv4, answer.ipv6, answer.routes].some(
    (part) => part && (part.errors.length > 0 || part.stale),
  );
  if (broken) return answer;
  try {
    const around = lookAround(host.tools, host.config.listen.port);
    const wanted = await readChanges(host, request, around.routing);
    answer.access = await (await changesAccess(host, around, wanted, request.access, ends)).report();
  } catch (error) {
    // nothing changes, or another program was quicker than this look
    const passes = error instanceof ProblemError && /^trial\.unchanged|\.stale$/.test(error.problem.code);
    if (!passes) throw error;
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
