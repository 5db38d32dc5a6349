import type { Instance, NetworkInterface } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { useReachesInternet } from '../instances/network/subnet-reach.ts';
import { Address } from '../ui/address.tsx';
import { Tag } from '../ui/badge.tsx';
import { RadioList, RadioRow } from '../ui/radio-list.tsx';

/** The interface that is chosen before anybody chooses: the primary one, or the first that is free. */
export function usableInterface(instance: Instance): NetworkInterface | undefined {
  const free = instance.networkInterfaces.filter((nic) => nic.publicIp === null);
  return free.find((nic) => nic.primary) ?? free[0];
}

interface InterfaceChoiceProps {
  instance: Instance;
  value: string | null;
  onChange: (nicId: string) => void;
}

export function InterfaceChoice({ instance, value, onChange }: InterfaceChoiceProps) {
  const { t } = useTranslation();
  const reaches = useReachesInternet();
  return (
    <RadioList label={t('connect.interface')} value={value} onChange={onChange} testId="interface-choice">
      {instance.networkInterfaces.map((nic) => (
        <RadioRow key={nic.id} value={nic.id} dataId={nic.id} isDisabled={nic.publicIp !== null}>
          <b className="whitespace-nowrap">{nic.device}</b>
          {nic.privateIp && <Address>{nic.privateIp}</Address>}
          <span className="text-12 text-fg-2">{nic.subnet?.name}</span>
          <span className="min-w-0 flex-1" />
          {nic.publicIp ? (
            <span className="text-12">{t('connect.interfaceUsed', { address: nic.publicIp.address })}</span>
          ) : (
            <>
              {reaches(nic) === false && (
                <Tag tone="bad" icon="lost">
                  {t('connect.noGatewayTag')}
                </Tag>
              )}
              {nic.primary && <Tag tone="plain">{t('connect.primary')}</Tag>}
            </>
          )}
        </RadioRow>
      ))}
    </RadioList>
  );
}
