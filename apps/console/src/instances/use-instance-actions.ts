import { type Action, type Instance, whyNot } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionQuery } from '../session/session-queries.ts';
import { useCopy } from '../ui/copy-button.tsx';
import type { MenuGroup } from '../ui/menu-popover.tsx';
import { type Ssh, useSsh } from './use-ssh.ts';

export type InstanceDialog =
  | 'connect'
  | 'disconnect'
  | 'start'
  | 'stop'
  | 'hardReboot'
  | 'rename'
  | 'rebuild'
  | 'delete';

const power = ['start', 'stop', 'hardReboot'] as const;
const icons = { start: 'power', stop: 'ring', hardReboot: 'sync' } as const;

/** Why the signed-in user cannot take an action on an instance now, in words; null where it is open. */
export function useReason(): (action: Action, instance?: Instance) => string | null {
  const { t } = useTranslation();
  const { data: session } = useQuery(sessionQuery);
  // not the session as a whole, which changes with what a user prefers
  const role = session?.role;
  return useCallback(
    (action, instance) => {
      const code = role ? whyNot(action, role, instance) : 'adminOnly';
      return code && t(`reason.${code}`);
    },
    [t, role],
  );
}

/** The groups of 「더 보기」, in one order for the list and the detail page; the same function while nothing it knows changes. */
export function useInstanceActions(
  onDialog: (dialog: InstanceDialog, instance: Instance) => void,
): (instance: Instance) => MenuGroup[] {
  const { t } = useTranslation();
  const reason = useReason();
  const copy = useCopy();
  const ssh = useSsh();
  const navigate = useNavigate();
  return useCallback(
    (instance) => groupsOf(instance, { t, reason, copy, ssh: ssh(instance), navigate, onDialog }),
    [t, reason, copy, ssh, navigate, onDialog],
  );
}

interface Tools {
  t: TFunction;
  reason: ReturnType<typeof useReason>;
  copy: ReturnType<typeof useCopy>;
  ssh: Ssh | null;
  navigate: ReturnType<typeof useNavigate>;
  onDialog: (dialog: InstanceDialog, instance: Instance) => void;
}

function groupsOf(instance: Instance, tools: Tools): MenuGroup[] {
  const { t, reason, copy, ssh, navigate, onDialog } = tools;
  return [
    {
      id: 'network',
      title: t('menu.network'),
      actions: [
        {
          id: 'connect',
          label: t('connect.action'),
          icon: 'link',
          reason: reason('publicIp.connect', instance),
          onAction: () => onDialog('connect', instance),
        },
        {
          id: 'disconnect',
          label: t('disconnect.action'),
          icon: 'unlink',
          reason: reason('publicIp.disconnect', instance),
          onAction: () => onDialog('disconnect', instance),
        },
        {
          id: 'routing',
          label: t('network.routing'),
          icon: 'jump',
          reason: reason('routing.view', instance),
          onAction: () =>
            navigate({ to: '/instances/$instanceId/routing', params: { instanceId: instance.id } }),
        },
        {
          id: 'firewall',
          label: t('firewall.title'),
          icon: 'wall',
          reason: reason('firewall.view', instance),
          onAction: () =>
            navigate({ to: '/instances/$instanceId/firewall', params: { instanceId: instance.id } }),
        },
      ],
    },
    {
      id: 'connection',
      title: t('menu.connect'),
      actions: [
        {
          id: 'ssh',
          label: t('menu.ssh'),
          icon: 'terminal',
          reason: reason('instance.ssh', instance) ?? (ssh ? null : t('menu.noAddress')),
          onAction: () => ssh && void copy(ssh.command, t('menu.sshCommand'), ssh.notes[0]),
        },
        {
          id: 'copy-id',
          label: t('menu.copyId'),
          icon: 'copy',
          onAction: () => void copy(instance.id, t('instances.id')),
        },
      ],
    },
    {
      id: 'power',
      title: t('menu.power'),
      actions: power.map((order) => ({
        id: order,
        label: t(`menu.${order}`),
        icon: icons[order],
        reason: reason(`instance.${order}`, instance),
        onAction: () => onDialog(order, instance),
      })),
    },
    {
      id: 'instance',
      title: t('instances.title'),
      actions: [
        {
          id: 'rename',
          label: t('menu.rename'),
          icon: 'edit',
          reason: reason('instance.update', instance),
          onAction: () => onDialog('rename', instance),
        },
        {
          id: 'rebuild',
          danger: true,
          label: t('menu.rebuild'),
          icon: 'undo',
          reason: reason('instance.rebuild', instance),
          onAction: () => onDialog('rebuild', instance),
        },
        {
          id: 'delete',
          danger: true,
          label: t('menu.delete'),
          icon: 'trash',
          reason: reason('instance.delete', instance),
          onAction: () => onDialog('delete', instance),
        },
      ],
    },
  ];
}
