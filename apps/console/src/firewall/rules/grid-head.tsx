import { useTranslation } from 'react-i18next';
import { cx } from '../../ui/cx.ts';
import { cell, listingColumnWidths, roles, wordColumns } from './grid-columns.ts';
import type { RuleGridProps } from './rule-grid.tsx';

// the header line of the tool, word for word
const listed = ['num', 'pkts', 'bytes', 'target', 'prot', 'opt', 'in', 'out', 'source', 'destination'];
const numbers = ['pkts', 'bytes'];

export function GridHead({ view }: Pick<RuleGridProps, 'view'>) {
  const { t } = useTranslation();
  const head = cx(cell, 'text-12 font-semibold whitespace-nowrap text-fg-3');
  const menu = (
    <th {...roles.head} className={head}>
      <span className="sr-only">{t('menu.more')}</span>
    </th>
  );
  return (
    <thead {...roles.group} className="sticky top-0 z-2 block">
      <tr
        {...roles.row}
        aria-rowindex={1}
        className={cx(
          'grid h-8 border-b border-line-strong bg-surface',
          view === 'stacked' && 'grid-cols-[44px_minmax(0,1fr)_auto_44px] px-1.5',
          view === 'words' && wordColumns,
          view === 'iptables' && listingColumnWidths,
        )}
      >
        {view === 'iptables' ? (
          <>
            {listed.map((name) => (
              <th
                {...roles.head}
                key={name}
                translate="no"
                className={cx(head, name === 'num' && 'pl-6', numbers.includes(name) && 'justify-end')}
              >
                {name}
              </th>
            ))}
            <th {...roles.head} className={head}>
              <span className="sr-only">{t('rules.rest')}</span>
            </th>
            {menu}
          </>
        ) : (
          <>
            <th {...roles.head} className={cx(head, view === 'stacked' ? 'pr-0 pl-[18px]' : 'pl-6')}>
              {t('rules.num')}
            </th>
            {view === 'stacked' ? (
              <>
                <th {...roles.head} className={head}>
                  {t('rules.title')}
                </th>
                <th {...roles.head} className={head}>
                  {t('rules.protocolPort')}
                </th>
              </>
            ) : (
              <WordHeads head={head} />
            )}
            {menu}
          </>
        )}
      </tr>
    </thead>
  );
}

function WordHeads({ head }: { head: string }) {
  const { t } = useTranslation();
  const names = ['target', 'title', 'source', 'protocolPort', 'inOut'] as const;
  return (
    <>
      {names.map((name) => (
        <th {...roles.head} key={name} className={head}>
          {t(`rules.${name}`)}
        </th>
      ))}
      <th {...roles.head} className={cx(head, 'justify-end pr-0')}>
        {t('rules.pkts')}
      </th>
      <th {...roles.head} className={cx(head, 'justify-end pl-0')}>
        {t('grid.perSecond')}
      </th>
    </>
  );
}
