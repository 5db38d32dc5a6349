import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Address } from '../ui/address.tsx';
import { Ago } from '../ui/ago.tsx';
import { State } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import type { ColumnWidths } from '../ui/column-width.tsx';
import { Crumbs } from '../ui/crumbs.tsx';
import { Elapsed } from '../ui/elapsed.tsx';
import { FilterField } from '../ui/filter-field.tsx';
import { ListCard, ListEmpty, ListHeading } from '../ui/list-page.tsx';
import { Pager } from '../ui/pager.tsx';
import { Cell, Head, Row, type SortDirection, Table } from '../ui/table.tsx';

const rows = ['web-01', 'web-02'];
const readAt = new Date().toISOString();

/** A list with its head, its rows, its pages, and without any. */
export function ListSamples() {
  const { t } = useTranslation();
  const [page, setPage] = useState(2);
  const [direction, setDirection] = useState<SortDirection>('asc');
  const [text, setText] = useState('');
  const [size, setSize] = useState(2);
  const [widths, setWidths] = useState<ColumnWidths>({ name: 160 });
  const head = (
    <>
      <Head
        sorted={direction}
        onSort={() => setDirection(direction === 'asc' ? 'desc' : 'asc')}
        column="name"
        resizing={{
          min: 64,
          max: 320,
          onResize: (width) => setWidths(width === null ? {} : { name: width }),
        }}
      >
        {t('instances.name')}
      </Head>
      <Head sorted={null} onSort={() => {}}>
        {t('instances.status')}
      </Head>
      <Head>{t('instances.privateIp')}</Head>
    </>
  );
  return (
    <div className="min-w-0 bg-canvas">
      <ListHeading
        crumbs={<Crumbs items={[t('shell.bareMetalServer'), t('instances.title')]} />}
        title={t('instances.title')}
        count={rows.length}
        readAt={readAt}
        refreshing={false}
        onRefresh={() => {}}
        actions={
          <Button look="primary" icon="plus">
            {t('instances.create')}
          </Button>
        }
      >
        <FilterField label={t('instances.filter')} value={text} onChange={setText} />
      </ListHeading>
      <ListCard
        footer={<Pager page={page} size={size} total={6} onPage={setPage} sizes={[2, 4]} onSize={setSize} />}
      >
        <Table label={t('instances.title')} head={head} widths={widths}>
          {rows.map((name) => (
            <Row key={name} testId="gallery-row" id={name} className="max-narrow:grid max-narrow:px-4">
              <Cell header column="name">
                <b translate="no">{name}</b>
              </Cell>
              <Cell>
                <State kind="calm">{t('agent.connected')}</State> <Ago iso={readAt} />{' '}
                <Elapsed since={readAt} />
              </Cell>
              <Cell>
                <Address>198.168.0.10</Address>
              </Cell>
            </Row>
          ))}
        </Table>
      </ListCard>
      <ListCard>
        <Table
          label={t('publicIps.title')}
          head={head}
          empty={
            <ListEmpty
              title={t('publicIps.empty')}
              action={<Button className="mt-2">{t('instances.clearFilters')}</Button>}
            >
              {t('publicIps.emptyText')}
            </ListEmpty>
          }
        >
          {null}
        </Table>
      </ListCard>
    </div>
  );
}
