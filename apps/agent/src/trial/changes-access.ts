import type { AccessReport, AccessRequest } from '@moru/types';
import { type Ends, type FamilySides, reportAccess } from '../access/report.ts';
import { readRouting } from '../routing/read.ts';
import type { TrialHost } from './host.ts';
import type { WantedChanges } from './read-changes.ts';

/** What becomes of the ways to the host when these changes are made. */
export async function changesAccess(
  host: TrialHost,
  { families, routes }: WantedChanges,
  request: AccessRequest,
  ends: Ends | null,
): Promise<AccessReport> {
  const facts = routes?.facts ?? (await readRouting());
  const sides: FamilySides[] = await Promise.all(
    families.map(async ({ family, live, change }) => ({
      iptables: await host.tools.of(family),
      now: live,
      draft: change?.wanted ?? live,
    })),
  );
  const agentPort = host.config.listen.port;
  const wanted = routes?.plan.wanted ?? facts.routes;
  return reportAccess({ families: sides, facts, routes: wanted, request, ends, agentPort });
}
