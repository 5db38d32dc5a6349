import type { TableName } from '@moru/types';
import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { Tag } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { MenuButton } from '../../ui/menu-button.tsx';
import type { MenuGroup } from '../../ui/menu-popover.tsx';
import { Select } from '../../ui/select.tsx';
import type { DraftChain, DraftRules } from '../drafts/draft-rules.ts';
import { GoToNumber } from './go-to-number.tsx';
import { type Place, useRulesSearch } from './place.ts';

interface ChainBarProps {
  rules: DraftRules;
  place: Place;
  chain: DraftChain | undefined;
  /** why nothing can be changed here; null where it can */
  reason: string | null;
  createRef: Ref<HTMLButtonElement>;
  onCreate: () => void;
  onPlace: (place: Place) => void;
  onNumber: (number: number) => void;
  policyMenu: () => MenuGroup[];
  chainMenu: () => MenuGroup[];
}

/** Name and policy of the chain, its filter, and the way to a new rule. */
export function ChainBar(props: ChainBarProps) {
  const { rules, place, chain, reason, createRef } = props;
  const { t } = useTranslation();
  const { search, change } = useRulesSearch();
  return (
    <header className="flex min-h-[46px] flex-none flex-wrap items-center gap-2 border-b border-line px-4 py-1.5 wide:pr-3">
      <h2 className="hidden text-14 whitespace-nowrap wide:block" translate="no">
        {place.chain}
      </h2>
      {/* without the rail this is the way to the other chains */}
      <div className="w-44 wide:hidden">
        <Select
          label={t('rail.label')}
          value={`${place.table}/${place.chain}`}
          options={rules.tables.flatMap((each) =>
            each.chains.map(({ name }) => ({
              id: `${each.name}/${name}`,
              label: each.name === 'filter' ? name : `${each.name} ${name}`,
            })),
          )}
          onChange={(id) => {
            const table = id.slice(0, id.indexOf('/')) as TableName;
            props.onPlace({ ...place, table, chain: id.slice(table.length + 1) });
          }}
        />
      </div>
      {chain?.policy && (
        <MenuButton
          size="sm"
          label={t('rules.policyOf', { chain: chain.name })}
          data-testid="policy-menu"
          groups={props.policyMenu}
          className="narrow:h-7!"
        >
          {t('rules.policy')} <span translate="no">{chain.policy}</span>
          <span aria-hidden="true">▾</span>
        </MenuButton>
      )}
      {chain?.foreign && (
        <Tag tone="plain" icon="lock">
          {t('rules.foreign')}
        </Tag>
      )}
      <div className="min-w-24 flex-1 narrow:min-w-40 [&>*]:w-full! narrow:[&>*]:h-7!">
        <FilterField
          label={t('rules.filter')}
          value={search.q ?? ''}
          onChange={(q) => void change({ q: q || undefined })}
        />
      </div>
      <GoToNumber onNumber={props.onNumber} />
      <Button
        ref={createRef}
        size="sm"
        icon="plus"
        reason={reason}
        onPress={props.onCreate}
        className="narrow:h-7!"
      >
        {t('rules.create')}
      </Button>
      <MenuButton
        size="sm"
        look="quiet"
        icon="more"
        label={t('chainMenu.label', { chain: place.chain })}
        data-testid="chain-menu"
        groups={props.chainMenu}
      />
    </header>
  );
}
