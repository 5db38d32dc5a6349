import type { PublicIp } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { dateTime, span } from '../i18n/format.ts';
import { language } from '../shell/preferences.ts';
import { Address } from '../ui/address.tsx';
import { Fact } from '../ui/facts.tsx';
import { useCostSoFar } from './use-cost.ts';

/** What an address is told by: how long it is idle, or where it is. */
export function AddressFacts({ ip }: { ip: PublicIp }) {
  const { t } = useTranslation();
  const cost = useCostSoFar();
  return (
    <>
      <Fact label={t('publicIps.title')}>
        <Address className="font-semibold">{ip.address}</Address>
      </Fact>
      {ip.attachedTo ? (
        <Fact label={t('publicIps.attachedTo')}>
          <b>{ip.attachedTo.instanceName ?? ip.attachedTo.instanceId ?? t('publicIps.elsewhere')}</b>
        </Fact>
      ) : (
        <Fact label={t('instances.status')}>
          <span title={dateTime(ip.updatedAt)}>
            {t('connect.idleFor', { span: span(ip.updatedAt, Date.now(), language()) })}
          </span>
        </Fact>
      )}
      <Fact label={t('publicIps.description')}>{ip.description || t('connect.noDescription')}</Fact>
      <Fact label={t('publicIps.created')}>
        <span className="tabular-nums">{dateTime(ip.createdAt)}</span>
      </Fact>
      {cost && <Fact label={t('publicIps.cost')}>{cost(ip, Date.now())}</Fact>}
    </>
  );
}
