import type { NetworkInterface } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PublicIpDialog } from '../public-ips/public-ip-dialog.tsx';
import { Address } from '../ui/address.tsx';
import { State, Tag } from '../ui/badge.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button, buttonLook } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Cell, Head, Row, Table } from '../ui/table.tsx';
import { instanceQuery } from './instance-queries.ts';
import { useReason } from './use-instance-actions.ts';

export function NetworkTab() {
  const { t } = useTranslation();
  const { instanceId } = useParams({ from: '/shell/instances/$instanceId/network' });
  const { data: instance } = useQuery(instanceQuery(instanceId));
  const reason = useReason();
  const [dialog, setDialog] = useState<{ kind: AddressDialog; nicId: string } | null>(null);
  if (!instance) return null;
  const open = (kind: AddressDialog, nicId: string) => setDialog({ kind, nicId });
  const nics = instance.networkInterfaces;
  return (
    <div className="grid content-start gap-3.5 py-4 narrow:px-5">
      {nics.length > 1 && (
        <Banner
          tone="warn"
          title={t('network.severalTitle')}
          className="max-narrow:mx-4"
          actions={
            <Link
              to="/instances/$instanceId/routing"
              params={{ instanceId }}
              className={buttonLook({ size: 'sm' })}
            >
              {t('network.toRouting')}
            </Link>
          }
        >
          {t('network.severalText')}
        </Banner>
      )}
      <section className="border-y border-line bg-surface narrow:rounded-6 narrow:border-x">
        <header className="flex min-h-10 items-center gap-2 border-b border-line px-4">
          <h2 className="text-14">{t('network.interfaces')}</h2>
          <span className="text-fg-3 tabular-nums">{t('common.count', { total: nics.length })}</span>
        </header>
        <Table
          label={t('network.interfaces')}
          head={
            <>
              <Head>{t('network.interface')}</Head>
              <Head>{t('network.mac')}</Head>
              <Head>{t('network.subnet')}</Head>
              <Head>{t('instances.privateIp')}</Head>
              <Head>{t('publicIps.title')}</Head>
              <Head>
                <span className="sr-only">{t('menu.more')}</span>
              </Head>
            </>
          }
        >
          {nics.map((nic) => (
            <InterfaceRow
              key={nic.id}
              nic={nic}
              connectReason={reason('publicIp.connect', { ...instance, networkInterfaces: [nic] })}
              disconnectReason={reason('publicIp.disconnect', { ...instance, networkInterfaces: [nic] })}
              onOpen={open}
            />
          ))}
        </Table>
      </section>
      {dialog && <PublicIpDialog {...dialog} instance={instance} onClose={() => setDialog(null)} />}
    </div>
  );
}

type AddressDialog = 'connect' | 'disconnect';

interface InterfaceRowProps {
  nic: NetworkInterface;
  connectReason: string | null;
  disconnectReason: string | null;
  onOpen: (kind: AddressDialog, nicId: string) => void;
}

function InterfaceRow({ nic, connectReason, disconnectReason, onOpen }: InterfaceRowProps) {
  const { t } = useTranslation();
  return (
    <Row
      testId="interface-row"
      id={nic.id}
      className="max-narrow:grid max-narrow:gap-1 max-narrow:px-4 max-narrow:py-3"
    >
      <Cell header>
        <b className="mr-1.5">{nic.device}</b>
        {nic.primary && <Tag tone="plain">{t('connect.primary')}</Tag>}
      </Cell>
      <Cell>{nic.macAddress && <Address>{nic.macAddress}</Address>}</Cell>
      <Cell>
        {nic.subnet && (
          <>
            <span className="mr-1.5">{nic.subnet.name}</span>
            <Address>{nic.subnet.cidr}</Address>
          </>
        )}
      </Cell>
      <Cell>
        {nic.privateIp && (
          <span className="inline-flex items-center gap-1">
            <Address>{nic.privateIp}</Address>
            <CopyButton text={nic.privateIp} label={t('instances.privateIp')} />
          </span>
        )}
      </Cell>
      <Cell>
        <HeldAddress nic={nic} />
      </Cell>
      {/* the reason of a closed button opens beyond the cell */}
      <Cell className="overflow-visible! text-right max-narrow:mt-2 max-narrow:text-left">
        {nic.publicIp ? (
          <Button size="sm" reason={disconnectReason} onPress={() => onOpen('disconnect', nic.id)}>
            {t('disconnect.action')}
          </Button>
        ) : (
          <Button size="sm" reason={connectReason} onPress={() => onOpen('connect', nic.id)}>
            {t('connect.action')}
          </Button>
        )}
      </Cell>
    </Row>
  );
}

function HeldAddress({ nic }: { nic: NetworkInterface }) {
  const { t } = useTranslation();
  if (!nic.publicIp) return <span className="text-fg-3">{t('common.none')}</span>;
  if (nic.publicIp.status === 'attaching') {
    return (
      <State kind="changing">
        <Address>{nic.publicIp.address}</Address>
        {t('publicIps.attaching')}
      </State>
    );
  }
  return (
    <span className="inline-flex items-center gap-1">
      <Address>{nic.publicIp.address}</Address>
      <CopyButton text={nic.publicIp.address} label={t('publicIps.title')} />
    </span>
  );
}
