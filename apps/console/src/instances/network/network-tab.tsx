import type { NetworkInterface, RoutingState } from '@moru/types';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PublicIpDialog } from '../../public-ips/public-ip-dialog.tsx';
import { routingQuery } from '../../routing/routing-queries.ts';
import { Address } from '../../ui/address.tsx';
import { Ago } from '../../ui/ago.tsx';
import { State, Tag } from '../../ui/badge.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button, buttonLook } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { NarrowLabel } from '../../ui/narrow-label.tsx';
import { Cell, Head, Row, Table } from '../../ui/table.tsx';
import { instanceQuery } from '../instance-queries.ts';
import { useReason } from '../use-instance-actions.ts';
import { type InterfaceRoute, interfaceRoutes } from './interface-routes.ts';
import { NetworkPicture } from './network-picture.tsx';
import { useReachesInternet } from './subnet-reach.ts';

/** 네트워크: the instance’s interfaces as a picture with the host’s default route, and as a table. */
export function NetworkTab() {
  const { t } = useTranslation();
  const { instanceId } = useParams({ from: '/shell/instances/$instanceId/network' });
  const { data: instance } = useQuery(instanceQuery(instanceId));
  const routing = useQuery(routingQuery(instanceId));
  const reaches = useReachesInternet();
  const reason = useReason();
  const [dialog, setDialog] = useState<{ kind: AddressDialog; nicId: string } | null>(null);
  if (!instance) return null;
  const open = (kind: AddressDialog, nicId: string) => setDialog({ kind, nicId });
  const nics = instance.networkInterfaces;
  const routes = interfaceRoutes(nics, routing.data);
  // one default gateway is what there should be
  const isMended = routing.data !== undefined && routing.data.defaults.ipv4.length === 1;
  return (
    <div className="grid content-start gap-3.5 py-4 narrow:px-5">
      {nics.length > 1 && (
        <Banner
          tone={isMended ? 'plain' : 'warn'}
          title={t('network.severalTitle')}
          className="max-narrow:mx-4"
          actions={
            <Link
              to="/instances/$instanceId/routing"
              params={{ instanceId }}
              className={buttonLook({ size: 'sm' })}
            >
              {t(isMended ? 'network.routing' : 'network.toRouting')}
            </Link>
          }
        >
          {t('network.severalText')}
        </Banner>
      )}
      <NetworkPicture
        instance={instance}
        routes={routes}
        note={<RoutesNote routing={routing} isOn={instance.status === 'active'} />}
        isRead={routing.data !== undefined}
        reaches={reaches}
      />
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
              <Head>{t('picture.link')}</Head>
              <Head className="narrow:max-wide:hidden">{t('network.mac')}</Head>
              <Head>{t('network.subnet')}</Head>
              <Head>{t('instances.privateIp')}</Head>
              <Head>{t('picture.defaultRoute')}</Head>
              <Head>{t('publicIps.title')}</Head>
              <Head>
                <span className="sr-only">{t('menu.more')}</span>
              </Head>
            </>
          }
        >
          {routes.map(({ nic, ...route }) => (
            <InterfaceRow
              key={nic.id}
              nic={nic}
              {...route}
              connectReason={reason('publicIp.connect', { ...instance, networkInterfaces: [nic] })}
              disconnectReason={reason('publicIp.disconnect', { ...instance, networkInterfaces: [nic] })}
              onOpen={open}
            />
          ))}
        </Table>
      </section>
      <Banner
        title={t('picture.securityGroup')}
        className="max-narrow:mx-4"
        actions={
          <Link
            to="/instances/$instanceId/firewall"
            params={{ instanceId }}
            className={buttonLook({ size: 'sm' })}
          >
            {t('picture.toFirewall')}
          </Link>
        }
      >
        {t('picture.securityGroupText')}
      </Banner>
      {dialog && <PublicIpDialog {...dialog} instance={instance} onClose={() => setDialog(null)} />}
    </div>
  );
}

interface RoutesNoteProps {
  routing: UseQueryResult<RoutingState>;
  /** the instance runs, so its host could be asked */
  isOn: boolean;
}

/** How old the host's routes are, or why they are not drawn. */
function RoutesNote({ routing: { data, error }, isOn }: RoutesNoteProps) {
  const { t } = useTranslation();
  if (data) {
    return (
      <>
        {t(error ? 'picture.lastRead' : 'picture.read')} <Ago iso={data.readAt} />
      </>
    );
  }
  if (!error) return t('common.loading');
  return t(isOn ? 'picture.unread' : 'picture.off');
}

type AddressDialog = 'connect' | 'disconnect';

interface InterfaceRowProps extends InterfaceRoute {
  connectReason: string | null;
  disconnectReason: string | null;
  onOpen: (kind: AddressDialog, nicId: string) => void;
}

function InterfaceRow({ nic, link, way, connectReason, disconnectReason, onOpen }: InterfaceRowProps) {
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
      <Cell className="max-narrow:empty:hidden">
        {link && (
          <State kind={link.up && link.carrier ? 'calm' : 'lost'}>
            {link.up && link.carrier ? 'UP' : 'DOWN'}
          </State>
        )}
      </Cell>
      <Cell className="narrow:max-wide:hidden">{nic.macAddress && <Address>{nic.macAddress}</Address>}</Cell>
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
      <Cell className="max-narrow:empty:hidden">
        {way && (
          <span className="inline-flex items-center gap-2">
            <NarrowLabel>{t('picture.defaultRoute')}</NarrowLabel>
            <State kind={way.standing === 'loses' ? 'unknown' : 'good'}>
              {t(way.standing === 'loses' ? 'picture.notUsed' : 'picture.used')}
            </State>
            {way.route.gateway && <Address>{way.route.gateway}</Address>}
          </span>
        )}
      </Cell>
      <Cell>
        <NarrowLabel>{t('publicIps.title')}</NarrowLabel>
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
