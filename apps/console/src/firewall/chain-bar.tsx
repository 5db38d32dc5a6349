import type { FirewallChain, FirewallState, Instance, TableName } from '@moru/types';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { useReason } from '../instances/use-instance-actions.ts';
import { Tag } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { FilterField } from '../ui/filter-field.tsx';
import { Select } from '../ui/select.tsx';

interface ChainBarProps {
  instance: Instance;
  state: FirewallState;
  table: TableName;
  chain: FirewallChain | undefined;
  createRef: Ref<HTMLButtonElement>;
  onCreate: () => void;
  onChain: (place: { table: TableName; chain: string }) => void;
}

/** Name and policy of the chain, its filter, and the way to a new rule. */
export function ChainBar({ instance, state, table, chain, createRef, onCreate, onChain }: ChainBarProps) {
  const { t } = useTranslation();
  const reason = useReason();
  const search = useSearch({ from: '/shell/instances/$instanceId/firewall/' });
  const navigate = useNavigate({ from: '/instances/$instanceId/firewall/' });
  const foreign = chain?.owner === 'foreign';
  return (
    <header className="flex min-h-[46px] flex-none flex-wrap items-center gap-2 border-b border-line px-4 py-1.5 wide:pr-3">
      <h2 className="hidden text-14 whitespace-nowrap wide:block" translate="no">
        {chain?.name ?? search.chain}
      </h2>
      {/* without the rail this is the way to the other chains */}
      <div className="w-44 wide:hidden">
        <Select
          label={t('rail.label')}
          value={`${table}/${chain?.name}`}
          options={state.tables.flatMap((each) =>
            each.chains.map(({ name }) => ({
              id: `${each.name}/${name}`,
              label: each.name === 'filter' ? name : `${each.name} ${name}`,
            })),
          )}
          onChange={(id) => {
            const found = state.tables.find((each) => id.startsWith(`${each.name}/`));
            if (found) onChain({ table: found.name, chain: id.slice(found.name.length + 1) });
          }}
        />
      </div>
      {chain?.policy && (
        <Tag tone="line">
          {t('rules.policy')} <span translate="no">{chain.policy}</span>
        </Tag>
      )}
      {foreign && (
        <Tag tone="plain" icon="lock">
          {t('rules.foreign')}
        </Tag>
      )}
      <div className="min-w-40 flex-1 [&>*]:w-full! narrow:[&>*]:h-7!">
        <FilterField
          label={t('rules.filter')}
          value={search.q ?? ''}
          onChange={(q) => {
            const { q: _, ...rest } = search;
            void navigate({ search: q ? { ...rest, q } : rest, replace: true });
          }}
        />
      </div>
      <Button
        ref={createRef}
        size="sm"
        icon="plus"
        reason={foreign ? t('rules.foreignReason') : reason('firewall.change', instance)}
        onPress={onCreate}
        className="narrow:h-7!"
      >
        {t('rules.create')}
      </Button>
    </header>
  );
}
