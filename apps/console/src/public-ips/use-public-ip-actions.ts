import type { PublicIp } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { useReason } from '../instances/use-instance-actions.ts';
import { useCopy } from '../ui/copy-button.tsx';
import type { MenuGroup } from '../ui/menu-popover.tsx';
import { isIdle } from './public-ip-queries.ts';

export type AddressDialog = 'connect' | 'disconnect' | 'delete';

/** Why nobody can do that to an address now, in words; null where it is open. */
export function useAddressReason(): (dialog: AddressDialog, ip: PublicIp) => string | null {
  const { t } = useTranslation();
  const reason = useReason();
  return (dialog, ip) => {
    const role = reason(dialog === 'connect' ? 'publicIp.connect' : 'publicIp.disconnect');
    if (role !== null) return role;
    if (ip.status === 'attaching') return t('reason.publicIpPending');
    if (dialog !== 'disconnect') return isIdle(ip) ? null : t(`publicIp.taken.${dialog}`);
    if (isIdle(ip)) return t('publicIp.idle');
    return ip.attachedTo?.instanceId ? null : t('publicIp.elsewhere');
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
          { ...opens('disconnect'), label: t('disconnect.action'), icon: 'unlink' },
        ],
      },
      {
        id: 'address',
        title: t('publicIps.title'),
        actions: [
          {
            id: 'copy-id',
            label: t('menu.copyId'),
            icon: 'copy',
            onAction: () => void copy(ip.id, t('instances.id')),
          },
          { ...opens('delete'), label: t('menu.delete'), icon: 'trash' },
        ],
      },
    ];
  };
}
