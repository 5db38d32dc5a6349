import type { RoutingState } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { Icon } from '../ui/icon.tsx';
import { ListEmpty } from '../ui/list-page.tsx';
import { Cell, Head, Row, Table } from '../ui/table.tsx';
import { isDefaultBy, type NetRouteRow, parseNetRoute } from './net-route.ts';

const columns = ['destination', 'gateway', 'genmask', 'flags', 'metric', 'ref', 'use', 'iface'] as const;
/** As net-tools prints them. */
const heads: Record<(typeof columns)[number], string> = {
  destination: 'Destination',
  gateway: 'Gateway',
  genmask: 'Genmask',
  flags: 'Flags',
  metric: 'Metric',
  ref: 'Ref',
  use: 'Use',
  iface: 'Iface',
};

/** The columns of `route -n`; of several default gateways the one that is used is marked. */
export function NetRows({ state }: { state: RoutingState }) {
  const { t } = useTranslation();
  const rows = parseNetRoute(state.outputs.route.text);
  return (
    <Table
      label={t('routing.table')}
      empty={rows.length === 0 && <ListEmpty title={t('routing.empty')} />}
      head={columns.map((column) => (
        <Head key={column}>
          <span translate="no">{heads[column]}</span>
        </Head>
      ))}
    >
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the kernel may hold the same line twice
        <NetRow key={`${index} ${row.destination} ${row.gateway}`} row={row} state={state} />
      ))}
    </Table>
  );
}

function NetRow({ row, state }: { row: NetRouteRow; state: RoutingState }) {
  const { t } = useTranslation();
  const gateway = state.defaults.ipv4.find(({ route }) => isDefaultBy(row, route.gateway, route.device));
  const contested = state.defaults.ipv4.length > 1 ? gateway?.standing : undefined;
  return (
    <Row
      testId="net-route"
      id={`${row.destination} ${row.gateway} ${row.iface}`}
      className="max-narrow:grid max-narrow:grid-cols-[auto_1fr] max-narrow:gap-x-3 max-narrow:px-4 max-narrow:py-2.5"
    >
      {columns.map((column) => (
        <Cell
          key={column}
          header={column === 'destination'}
          className={column === 'ref' || column === 'use' ? 'max-narrow:hidden' : ''}
        >
          <span translate="no" className={contested === 'loses' ? 'addr text-fg-3' : 'addr'}>
            {row[column]}
          </span>
          {column === 'iface' && contested === 'wins' && (
            <span className="ml-2 inline-flex items-center gap-1 text-12 text-good">
              <Icon name="ok" size={11} />
              {t('routing.chosen')}
            </span>
          )}
          {column === 'iface' && contested === 'loses' && (
            <span className="ml-2 text-12 text-fg-3">{t('routing.standing.loses')}</span>
          )}
        </Cell>
      ))}
    </Row>
  );
}
