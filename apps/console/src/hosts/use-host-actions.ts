import type { Action, Host, HostList } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { useReason } from '../instances/use-instance-actions.ts';
import type { MenuAction, MenuGroup } from '../ui/menu-popover.tsx';
import type { HostTask } from './host-queries.ts';

/** What can be done with a host, each with the reason where it cannot be done now. */
export function useHostActions(
  host: Host,
  enrolment: HostList['enrolment'],
  onTask: (task: HostTask, instanceId: string) => void,
): { actions: Record<HostTask, MenuAction>; groups: MenuGroup[] } {
  const { t } = useTranslation();
  const roleReason = useReason();
  const isGone = host.instanceStatus === null || ['deleted', 'deleting'].includes(host.instanceStatus);
  const because = (action: Action, ...reasons: (string | false)[]) =>
    roleReason(action) ?? (reasons.find((reason) => reason !== false) || null);
  const entry = (id: HostTask, icon: MenuAction['icon'], reason: string | null): MenuAction => ({
    id,
    label: t(`hosts.task.${id}`),
    ...(icon ? { icon } : {}),
    reason,
    onAction: () => onTask(id, host.instanceId),
  });
  const actions = {
    enrol: entry(
      'enrol',
      'plus',
      because(
        'host.enrol',
        !enrolment.available && t('hosts.unavailable'),
        isGone && t('reason.instanceGone'),
      ),
    ),
    compare: entry('compare', 'check', because('host.approve', !host.waiting && t('hosts.nobodyWaits'))),
    revoke: entry('revoke', 'unlink', because('host.revoke', !mayRevoke(host) && t('hosts.nothingToRevoke'))),
  };
  return { actions, groups: [{ id: 'host', title: host.name ?? '', actions: Object.values(actions) }] };
}

/** A certificate, a request or a token that is still worth something. */
function mayRevoke({ state, waiting, tokens }: Host): boolean {
  return state === 'enrolled' || waiting !== null || tokens.length > 0;
}
