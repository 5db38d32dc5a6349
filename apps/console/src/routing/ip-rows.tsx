import type { Family, Instance, NetworkRoute, RoutingState } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { useReason } from '../instances/use-instance-actions.ts';
import { Button } from '../ui/button.tsx';
import { ListEmpty } from '../ui/list-page.tsx';
import { Cell, Head, Row, Table } from '../ui/table.tsx';
import { whyKept } from './edits.ts';
import { useRoutesReview } from './gateways.tsx';

interface IpRowsProps {
  instance: Instance;
  state: RoutingState;
  family: Family;
}

/** The main table as `ip route` has it; what a person made can be deleted from here. */
export function IpRows({ instance, state, family }: IpRowsProps) {
  const { t } = useTranslation();
  const routes = state.routes.filter((route) => route.family === family && route.table === 'main');
  return (
    <Table
      label={t('routing.table')}
      empty={routes.length === 0 && <ListEmpty title={t('routing.empty')} />}
      head={
        <>
          <Head>{t('routing.destination')}</Head>
          <Head>{t('routing.via')}</Head>
          <Head>{t('routing.device')}</Head>
          <Head>{t('routing.source')}</Head>
          <Head>{t('routing.metric')}</Head>
          <Head>{t('routing.protocol')}</Head>
          <Head>{t('routing.scope')}</Head>
          <Head className="w-11">
            <span className="sr-only">{t('routing.deleteRoute')}</span>
          </Head>
        </>
      }
    >
      {routes.map((route) => (
        <IpRow key={route.specification} route={route} instance={instance} />
      ))}
    </Table>
  );
}

function IpRow({ route, instance }: { route: NetworkRoute; instance: Instance }) {
  const { t } = useTranslation();
  const reason = useReason();
  const review = useRoutesReview(instance.id);
  const kept = whyKept(route);
  const { family, specification, destination } = route;
  const words = [
    route.gateway ?? route.nexthops.map(({ gateway }) => gateway).join(', '),
    route.device ?? route.nexthops.map(({ device }) => device).join(', '),
    route.source,
    route.metric,
    route.protocol,
    route.scope,
  ];
  return (
    <Row
      testId="ip-route"
      id={specification}
      className="max-narrow:flex max-narrow:flex-wrap max-narrow:gap-x-3 max-narrow:px-4 max-narrow:py-2.5"
    >
      <Cell header>
        <b translate="no" className="addr">
          {route.type === 'unicast' ? destination : `${route.type} ${destination}`}
        </b>
      </Cell>
      {words.map((word, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other name
        <Cell key={index}>
          <span translate="no" className="addr">
            {word}
          </span>
        </Cell>
      ))}
      <Cell className="overflow-visible! text-right">
        <Button
          look="quiet"
          size="sm"
          icon="trash"
          aria-label={t('routing.deleteRouteOf', { destination, device: route.device ?? '' })}
          reason={
            reason('change.check', instance) ??
            (kept && t(kept === 'kernel' ? 'routing.kernelRoute' : 'routing.strangeRoute'))
          }
          onPress={() => review([{ type: 'delete', family, specification }])}
        />
      </Cell>
    </Row>
  );
}
