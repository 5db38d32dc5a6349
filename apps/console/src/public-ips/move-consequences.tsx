import type { PublicIp } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { instanceQuery } from '../instances/instance-queries.ts';
import { Banner } from '../ui/banner.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { DisconnectConsequences } from './disconnect-consequences.tsx';

/** What the instance loses that an address is moved away from. */
export function MoveConsequences({ ip }: { ip: PublicIp }) {
  const { t } = useTranslation();
  const { instanceId, instanceName, networkInterfaceId } = ip.attachedTo ?? {};
  const { data, error, refetch } = useQuery(instanceQuery(instanceId ?? ''));
  const nic = data?.networkInterfaces.find(({ id }) => id === networkInterfaceId);
  const name = data?.name ?? instanceName ?? '';
  return (
    <div className="mt-3 grid gap-2" data-testid="move-consequences" aria-live="polite">
      <Banner tone="warn" title={t('connect.moveTitle', { name, device: nic?.device ?? '' })}>
        {t('connect.moveText')}
      </Banner>
      {data && nic && (
        <DisconnectConsequences
          title={t('connect.moveLosses', { name })}
          firewall={data.firewall}
          nic={nic}
          address={ip.address}
        />
      )}
      {!data && (error ? <FailureNotice error={error} onRetry={() => refetch()} /> : <Skeleton rows={2} />)}
    </div>
  );
}
