import type { PublicIp } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { useReason } from '../instances/use-instance-actions.ts';
import { useCopy } from '../ui/copy-button.tsx';
import type { MenuGroup } from '../ui/menu-popover.tsx';
import { isIdle } from './public-ip-queries.ts';

export type AddressDialog = 'connect' | 'move' | 'disconnect' | 'describe' | 'delete';

const actionOf = {
  connect: 'publicIp.connect',
  move: 'publicIp.connect',
  disconnect: 'publicIp.disconnect',
  describe: 'publicIp.describe',
  delete: 'publicIp.disconnect',
} as const;

/** Why nobody can do that to an address now, in words; null where it is open. */
export function useAddressReason(): (dialog: AddressDialog, ip: PublicIp) => string | null {
  const { t } = useTranslation();
  const reason = useReason();
  return (dialog, ip) => {
    const role = reason(actionOf[dialog]);
    if (role !== null || dialog === 'describe') return role;
    if (ip.status === 'attaching') return t('reason.publicIpPending');
    if (dialog === 'connect' || dialog === 'delete') return isIdle(ip) ? null : t(`publicIp.taken.${dialog}`);
    if (isIdle(ip)) return t('publicIp.idle');
    return ip.attachedTo?.instanceId ? null : t(`publicIp.elsewhere.${dialog}`);
  };
}

/** The groups of an address's 「더 보기」. */
export function usePublicIpActions(
  onDialog: (kind: AddressDialog, ip: PublicIp) => void,
): (ip: PublicIp) => MenuGroup[] {
  const { t } = useTranslation();
  const reason = useAddressReason();
  const copy = useCopy();
  return (ip) => {
    const opens = (kind: AddressDialog) => ({
      id: kind,
      reason: reason(kind, ip),
      onAction: () => onDialog(kind, ip),
    });
    return [
      {
        id: 'network',
        title: t('menu.network'),
        actions: [
          { ...opens('connect'), label: t('connect.action'), icon: 'link' },
          { ...opens('move'), label: t('publicIp.move'), icon: 'arrow' },
          { ...opens('disconnect'), label: t('disconnect.action'), icon: 'unlink' },
        ],
      },
      {
        id: 'address',
        title: t('publicIps.title'),
        actions: [
          { ...opens('describe'), label: t('publicIp.describe'), icon: 'edit' },
          {
            id: 'copy-id',
            label: t('menu.copyId'),
            icon: 'copy',
            onAction: () => void copy(ip.id, t('instances.id')),
          },
          { ...opens('delete'), label: t('menu.delete'), icon: 'trash', danger: true },
        ],
      },
    ];
  };
}
