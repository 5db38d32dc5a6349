import type { AccessRequest } from '@moru/types';
import { type AccessJudgement, type Ends, type FamilySides, judgeAccess } from '../access/report.ts';
import type { Surroundings } from '../access/surroundings.ts';
import type { TrialHost } from './host.ts';
import type { WantedChanges } from './read-changes.ts';

/** What becomes of the ways to the host when these changes are made. */
export async function changesAccess(
  host: TrialHost,
  around: Surroundings,
  { families, routes }: WantedChanges,
  request: AccessRequest,
  ends: Ends | null,
): Promise<AccessJudgement> {
  const sides: FamilySides[] = await Promise.all(
    families.map(async ({ family, live, change }) => ({
      iptables: await host.tools.of(family),
      now: live,
      draft: change?.wanted ?? live,
    })),
  );
  const agentPort = host.config.listen.port;
  return judgeAccess({
    families: sides,
    around,
    routes: routes?.plan.wanted ?? null,
    request,
    ends,
    agentPort,
  });
}
