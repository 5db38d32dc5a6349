import type { FirewallChain } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { ListEmpty } from '../ui/list-page.tsx';
import { Cell, Head, Row, Table } from '../ui/table.tsx';
import type { ListingRow } from './rule-set.ts';

// the header line of the tool, word for word; the last column is what the matches add without a heading
const columns = [
  'num',
  'pkts',
  'bytes',
  'target',
  'prot',
  'opt',
  'in',
  'out',
  'source',
  'destination',
] as const;

interface ListingGridProps {
  chain: FirewallChain;
  lines: ListingRow[];
  /** some rules are hidden by the filter */
  filtered: boolean;
}

/** 「Rule 조회」: the columns of `iptables -nL --line-numbers --verbose`. */
export function ListingGrid({ chain, lines, filtered }: ListingGridProps) {
  const { t } = useTranslation();
  return (
    <div className="overflow-x-auto" translate="no" data-testid="listing">
      <Table
        label={t('rules.ofChain', { chain: chain.name })}
        empty={filtered && lines.length === 0 && <ListEmpty title={t('rules.noMatch')} />}
        head={
          <>
            {columns.map((column) => (
              <Head key={column}>{column}</Head>
            ))}
            <Head>
              <span className="sr-only">{t('rules.rest')}</span>
            </Head>
          </>
        }
      >
        {lines.map((line) => (
          <Row
            key={line[0]}
            testId="listing-row"
            id={line[0]}
            className="max-narrow:flex max-narrow:flex-wrap max-narrow:gap-x-2.5 max-narrow:px-4 max-narrow:py-2"
          >
            {line.map((word, index) => (
              <Cell
                // biome-ignore lint/suspicious/noArrayIndexKey: the place is the column
                key={index}
                className="font-mono text-12 tabular-nums"
              >
                {word}
              </Cell>
            ))}
          </Row>
        ))}
      </Table>
      {chain.policy && (
        <p className="px-4 py-2 font-mono text-12 text-fg-2">
          {`(policy ${chain.policy} ${chain.packets} packets, ${chain.bytes} bytes)`}
        </p>
      )}
    </div>
  );
}
