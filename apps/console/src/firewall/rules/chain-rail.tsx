import type { TableName } from '@moru/types';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../../ui/cx.ts';
import { Icon } from '../../ui/icon.tsx';
import type { DraftChain, DraftRules } from '../drafts/draft-rules.ts';
import { onHost } from '../drafts/draft-rules.ts';
import { FamilySwitch } from './family-switch.tsx';
import { type Place, placeSearch, useRulesSearch } from './place.ts';

interface ChainRailProps {
  instanceId: string;
  rules: DraftRules;
  place: Place;
  /** `TABLE CHAIN` of chains that the draft changes */
  changed: ReadonlySet<string>;
  /** what stands beneath the chains */
  children?: ReactNode;
}

const otherTables: readonly TableName[] = ['nat', 'mangle', 'raw', 'security'];

/** All chains of the host: filter in sight, other tables folded, chains of other programs apart. */
export function ChainRail({ instanceId, rules, place, changed, children }: ChainRailProps) {
  const { t } = useTranslation();
  const chainsOf = (name: string) => rules.tables.find((table) => table.name === name)?.chains ?? [];
  const foreign = rules.tables.flatMap(({ name, chains }) =>
    chains.filter((chain) => chain.foreign).map((chain) => ({ table: name as TableName, chain })),
  );
  const link = (table: TableName, chain: DraftChain) => (
    <ChainLink
      key={`${table} ${chain.name}`}
      instanceId={instanceId}
      of={{ family: place.family, table, chain: chain.name }}
      current={place.table === table && place.chain === chain.name}
      entry={chain}
      changed={changed.has(`${table} ${chain.name}`)}
    />
  );
  return (
    <nav
      aria-label={t('rail.label')}
      data-testid="chain-rail"
      className="hidden min-h-0 flex-col gap-0.5 overflow-auto border-r border-line bg-canvas p-2.5 wide:flex"
    >
      <FamilySwitch instanceId={instanceId} place={place} />
      <h3 className="px-2 pt-2.5 pb-[3px] text-11 text-fg-3" translate="no">
        filter
      </h3>
      {chainsOf('filter')
        .filter((chain) => !chain.foreign)
        .map((chain) => link('filter', chain))}
      <h3 className="px-2 pt-3 pb-[3px] text-11 text-fg-3">{t('rail.otherTables')}</h3>
      {otherTables.map((name) => (
        <FoldedTable key={name} name={name} open={place.table === name} chains={chainsOf(name)}>
          {chainsOf(name)
            .filter((chain) => !chain.foreign)
            .map((chain) => link(name, chain))}
        </FoldedTable>
      ))}
      {foreign.length > 0 && (
        <>
          <h3 className="px-2 pt-3 pb-[3px] text-11 text-fg-3">{t('rail.foreign')}</h3>
          {foreign.map(({ table, chain }) => link(table, chain))}
        </>
      )}
      {children}
    </nav>
  );
}

interface FoldedTableProps {
  name: string;
  open: boolean;
  chains: readonly DraftChain[];
  children: ReactNode;
}

function FoldedTable({ name, open: first, chains, children }: FoldedTableProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(first);
  const count = chains.reduce((sum, chain) => sum + (chain.foreign ? 0 : onHost(chain.entries).length), 0);
  return (
    <>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex h-[30px] flex-none cursor-pointer items-center gap-1.5 rounded-4 px-2 text-left hover:bg-hover"
      >
        <Icon name="chevronRight" size={12} className={cx(open && 'rotate-90')} />
        <span translate="no">{name}</span>
        {count > 0 && <span className="ml-auto text-12 text-fg-2 tabular-nums">{count}</span>}
      </button>
      {open && (
        <div className="grid gap-0.5 pl-3">
          {chains.length === 0 ? <p className="px-2 py-1 text-12 text-fg-3">{t('rail.unused')}</p> : children}
        </div>
      )}
    </>
  );
}

interface ChainLinkProps {
  instanceId: string;
  of: Place;
  current: boolean;
  entry: DraftChain;
  changed: boolean;
}

function ChainLink({ instanceId, of, current, entry, changed }: ChainLinkProps) {
  const { t } = useTranslation();
  const { search } = useRulesSearch();
  return (
    <Link
      to="/instances/$instanceId/firewall"
      params={{ instanceId }}
      search={{ ...placeSearch(of), ...(search.columns ? { columns: search.columns } : {}) }}
      activeOptions={{ exact: true }}
      aria-current={current ? 'page' : undefined}
      data-testid="chain"
      data-id={`${of.table}/${entry.name}`}
      className="flex h-[30px] flex-none items-center gap-1.5 rounded-4 px-2 hover:bg-hover aria-[current]:bg-surface aria-[current]:font-semibold aria-[current]:shadow-[0_0_0_1px_var(--line-strong),inset_3px_0_var(--ink)]"
    >
      {entry.foreign && <Icon name="lock" size={12} />}
      <span translate="no" className="truncate">
        {entry.name}
      </span>
      {changed && (
        <span className="flex-none text-heat-text">
          <span aria-hidden="true">●</span>
          <span className="sr-only">{t('rail.changed')}</span>
        </span>
      )}
      <span className="ml-auto text-11 font-normal text-fg-3" translate={entry.foreign ? 'yes' : 'no'}>
        {entry.foreign ? t('rail.readOnly') : entry.policy}
      </span>
      <span className="min-w-[18px] text-right text-12 font-normal text-fg-2 tabular-nums">
        {onHost(entry.entries).length}
      </span>
    </Link>
  );
}
