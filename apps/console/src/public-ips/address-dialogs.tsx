import type { PublicIp } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { openWords } from '../i18n/setup.ts';
import { instanceQuery } from '../instances/instance-queries.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogBody } from '../ui/dialog.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { PublicIpDialog } from './public-ip-dialog.tsx';
import type { AddressDialog } from './use-public-ip-actions.ts';

const ConnectAddress = onDemand(() =>
  import('./connect-address.tsx').then((module) => module.ConnectAddress),
);
const DescribeAddress = onDemand(async () => {
  const [module] = await Promise.all([import('./describe-address.tsx'), openWords('lifecycle')]);
  return module.DescribeAddress;
});
const DeleteAddress = onDemand(async () => {
  const [module] = await Promise.all([import('./delete-address.tsx'), openWords('lifecycle')]);
  return module.DeleteAddress;
});

interface AddressDialogsProps {
  kind: AddressDialog;
  /** as it was when the menu was opened */
  ip: PublicIp;
  /** as it is by now; null once it is gone */
  now: PublicIp | null;
  onClose: () => void;
}

/** What the menu of an address opens. */
export function AddressDialogs({ kind, ip, now, onClose }: AddressDialogsProps) {
  if (kind === 'delete') return <DeleteAddress ip={now ?? ip} onClose={onClose} />;
  if (kind === 'describe') return <DescribeAddress ip={ip} onClose={onClose} />;
  if (kind === 'connect' || kind === 'move') return <ConnectAddress ip={ip} onClose={onClose} />;
  return <DisconnectAddress ip={ip} onClose={onClose} />;
}

/** 「Public IP 연결 해제」 of the instance that the address was seen on. */
function DisconnectAddress({ ip, onClose }: { ip: PublicIp; onClose: () => void }) {
  const { t } = useTranslation();
  const { instanceId, networkInterfaceId } = ip.attachedTo ?? {};
  // what the page remembers of the instance may be older than the row
  const { data, error, refetch, isFetchedAfterMount } = useQuery({
    ...instanceQuery(instanceId ?? ''),
    refetchOnMount: 'always',
  });
  if (data && isFetchedAfterMount) {
    return (
      <PublicIpDialog
        kind="disconnect"
        instance={data}
        {...(networkInterfaceId ? { nicId: networkInterfaceId } : {})}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog
      title={t('disconnect.title')}
      testId="disconnect-dialog"
      onClose={onClose}
      actions={<Button onPress={onClose}>{t('common.cancel')}</Button>}
    >
      <DialogBody>
        {error ? <FailureNotice error={error} onRetry={() => refetch()} /> : <Skeleton rows={5} />}
      </DialogBody>
    </Dialog>
  );
}
