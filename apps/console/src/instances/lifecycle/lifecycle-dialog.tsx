import type { Instance } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { Address } from '../../ui/address.tsx';
import { Fact } from '../../ui/facts.tsx';
import { InstanceStatus } from '../instance-status.tsx';
import { OrderDialog, type OrderDialogProps } from './order-dialog.tsx';

/** An order to an instance. */
export function LifecycleDialog({
  instance,
  ...rest
}: Omit<OrderDialogProps, 'facts'> & { instance: Instance }) {
  const { t } = useTranslation();
  const privateIp = instance.networkInterfaces[0]?.privateIp;
  return (
    <OrderDialog
      {...rest}
      facts={
        <>
          <Fact label={t('instances.title')}>
            <b>{instance.name}</b>
          </Fact>
          <Fact label={t('instances.status')}>
            <InstanceStatus instance={instance} t={t} />
          </Fact>
          <Fact label={t('instances.privateIp')}>
            {privateIp ? <Address>{privateIp}</Address> : t('common.none')}
          </Fact>
          <Fact label={t('instances.id')}>
            <Address className="truncate">{instance.id}</Address>
          </Fact>
        </>
      }
    />
  );
}
