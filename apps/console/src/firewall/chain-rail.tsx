import type { FirewallChain, FirewallState, TableName } from '@moru/types';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../ui/cx.ts';
import { Icon } from '../ui/icon.tsx';

interface ChainRailProps {
  instanceId: string;
  state: FirewallState;
  table: TableName;
  chain: string;
}

/** All chains of the host: filter in sight, other tables folded, chains of other programs apart. */
export function ChainRail({ instanceId, state, table, chain }: ChainRailProps) {
  const { t } = useTranslation();
  const filter = state.tables.find(({ name }) => name === 'filter')?.chains ?? [];
  const others = state.tables.filter(({ name }) => name !== 'filter');
  const foreign = state.tables.flatMap(({ name, chains }) =>
    chains.filter(isForeign).map((each) => ({ table: name, chain: each })),
  );
  const place = { instanceId, table, chain };
  return (
    <nav
      aria-label={t('rail.label')}
      data-testid="chain-rail"
      className="hidden min-h-0 flex-col gap-0.5 overflow-auto border-r border-line bg-canvas p-2.5 wide:flex"
    >
      <h3 className="px-2 pb-[3px] text-11 text-fg-3" translate="no">
        filter
      </h3>
      {filter
        .filter((each) => !isForeign(each))
        .map((each) => (
          <ChainLink key={each.name} {...place} of="filter" entry={each} />
        ))}
      {others.length > 0 && (
        <>
          <h3 className="px-2 pt-3 pb-[3px] text-11 text-fg-3">{t('rail.otherTables')}</h3>
          {others.map((each) => (
            <FoldedTable
              key={each.name}
              {...place}
              of={each.name}
              chains={each.chains.filter((one) => !isForeign(one))}
            />
          ))}
        </>
      )}
      {foreign.length > 0 && (
        <>
          <h3 className="px-2 pt-3 pb-[3px] text-11 text-fg-3">{t('rail.foreign')}</h3>
          {foreign.map((each) => (
            <ChainLink
              key={`${each.table} ${each.chain.name}`}
              {...place}
              of={each.table}
              entry={each.chain}
            />
          ))}
        </>
      )}
    </nav>
  );
}

function isForeign(chain: FirewallChain): boolean {
  return chain.owner === 'foreign';
}

interface Place {
  instanceId: string;
  table: TableName;
  chain: string;
  of: TableName;
}

function FoldedTable({ chains, ...place }: Place & { chains: FirewallChain[] }) {
  const [open, setOpen] = useState(place.table === place.of);
  const count = chains.reduce((sum, chain) => sum + chain.rules.length, 0);
  return (
    <>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex h-[30px] flex-none cursor-pointer items-center gap-1.5 rounded-4 px-2 text-left hover:bg-hover"
      >
        <Icon name="chevronRight" size={12} className={cx(open && 'rotate-90')} />
        <span translate="no">{place.of}</span>
        {count > 0 && <span className="ml-auto text-12 text-fg-2 tabular-nums">{count}</span>}
      </button>
      {open && (
        <div className="grid gap-0.5 pl-3">
          {chains.map((chain) => (
            <ChainLink key={chain.name} {...place} entry={chain} />
          ))}
        </div>
      )}
    </>
  );
}

function ChainLink({ instanceId, table, chain, of, entry }: Place & { entry: FirewallChain }) {
  const { t } = useTranslation();
  const { columns } = useSearch({ from: '/shell/instances/$instanceId/firewall/' });
  const current = table === of && chain === entry.name;
  return (
    <Link
      to="/instances/$instanceId/firewall"
      params={{ instanceId }}
      search={{
        ...(of === 'filter' ? {} : { table: of }),
        ...(of === 'filter' && entry.name === 'INPUT' ? {} : { chain: entry.name }),
        ...(columns ? { columns } : {}),
      }}
      activeOptions={{ exact: true }}
      aria-current={current ? 'page' : undefined}
      data-testid="chain"
      data-id={`${of}/${entry.name}`}
      className="flex h-[30px] flex-none items-center gap-1.5 rounded-4 px-2 hover:bg-hover aria-[current]:bg-surface aria-[current]:font-semibold aria-[current]:shadow-[0_0_0_1px_var(--line-strong),inset_3px_0_var(--ink)]"
    >
      {isForeign(entry) && <Icon name="lock" size={12} />}
      <span translate="no" className="truncate">
        {entry.name}
      </span>
      <span className="ml-auto text-11 font-normal text-fg-3" translate={isForeign(entry) ? 'yes' : 'no'}>
        {isForeign(entry) ? t('rail.readOnly') : entry.policy}
      </span>
      <span className="min-w-[18px] text-right text-12 font-normal text-fg-2 tabular-nums">
        {entry.rules.length}
      </span>
    </Link>
  );
}
