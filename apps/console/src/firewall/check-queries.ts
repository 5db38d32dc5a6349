import { printSave } from '@moru/netfilter';
import { apiPaths, type ChangeCheck, type ChangeChecked, type KeepAccessStep } from '@moru/types';
import { queryOptions } from '@tanstack/react-query';
import { post } from '../http/client.ts';
import { type DraftRules, ruleSetOf } from './drafts/draft-rules.ts';
import type { Host } from './drafts/host.ts';

/** A draft as the host is asked about it. */
export function wantedOf({ state }: Pick<Host, 'state'>, rules: DraftRules): Pick<ChangeCheck, 'ipv4'> {
  return { ipv4: { revision: state.revision, rules: printSave(ruleSetOf(rules)) } };
}

/** What a change would do, told by the host; nothing is changed. */
export function checkChange(instanceId: string, check: ChangeCheck): Promise<ChangeChecked> {
  return post(apiPaths.changeCheck(instanceId), check);
}

/**
 * Where the console sees this browser's SSH coming from, told with a check of the rules as they are. Null where it
 * cannot tell, as on the machine itself.
 */
export function administratorQuery(instanceId: string, host: Host) {
  return queryOptions({
    queryKey: ['administrator', instanceId],
    queryFn: async () => (await checkChange(instanceId, wantedOf(host, host.base))).administrator,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The rules that would keep the console's own way to the host under these rules; empty where it is kept. */
export async function missingAccess(
  instanceId: string,
  host: Host,
  rules: DraftRules,
): Promise<KeepAccessStep[]> {
  const { access } = await checkChange(instanceId, wantedOf(host, rules));
  return (access?.keepConsole ?? []).filter(({ family }) => family === rules.family);
}
