import type { AccessRequest } from '@moru/types';
import { type AccessJudgement, type Ends, type FamilySides, judgeAccess } from '../access/report.ts';
import type { Surroundings } from '../access/surroundings.ts';
import type { TrialHost } from './host.ts';
import type { WantedChanges } from './read-changes.ts';

/** What becomes of the ways to the host when these changes are made. */
export function changesAccess(
  host: TrialHost,
  around: Surroundings,
  { families, routes }: WantedChanges,
  request: AccessRequest,
  ends: Ends | null,
): Promise<AccessJudgement> {
  const sides = families.map(
    ({ iptables, live, change }): FamilySides => ({ iptables, now: live, draft: change?.wanted ?? live }),
  );
  const agentPort = host.config.listen.port;
  const wanted = routes?.plan.wanted ?? null;
  return judgeAccess({ families: sides, around, routes: wanted, request, ends, agentPort });
}
