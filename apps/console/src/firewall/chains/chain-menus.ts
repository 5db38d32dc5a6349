import { isBuiltIn } from '@moru/netfilter';
import type { TableName } from '@moru/types';
import type { TFunction } from 'i18next';
import type { MenuAction, MenuGroup } from '../../ui/menu-popover.tsx';
import type { DraftChain } from '../drafts/draft-rules.ts';
import type { DraftActions } from '../editor.tsx';
import type { ChainDialog } from './chain-dialogs.tsx';

interface PolicyMenuOptions {
  t: TFunction;
  chain: DraftChain | undefined;
  reason: string | null;
  table: TableName;
  actions: DraftActions;
}

/** `-P`: what becomes of packets that no rule of the chain took. */
export function policyMenu({ t, chain, reason, table, actions }: PolicyMenuOptions): MenuGroup[] {
  if (!chain?.policy) return [];
  const choose = (policy: 'ACCEPT' | 'DROP'): MenuAction => ({
    id: `policy-${policy}`,
    label: `${policy} · ${t(`chainMenu.${policy}`)}`,
    reason: chain.policy === policy ? null : reason,
    onAction: () =>
      chain.policy !== policy && actions.add([{ table, chain: chain.name, type: 'policy', policy }]),
  });
  return [
    {
      id: 'policy',
      title: t('chainMenu.policy'),
      selected: `policy-${chain.policy}`,
      actions: [choose('ACCEPT'), choose('DROP')],
    },
  ];
}

interface ChainMenuOptions extends PolicyMenuOptions {
  name: string;
  /** why this user cannot keep a draft at all */
  closed: string | null;
  onDialog: (dialog: ChainDialog) => void;
  /** why this user cannot set counters to zero */
  zeroReason: string | null;
  onZero: (chain: string | null) => void;
}

/** `-N`, `-F`, `-X`, `-Z`: what is done with whole chains. */
export function chainMenu({
  t,
  chain,
  reason,
  closed,
  table,
  name,
  actions,
  onDialog,
  zeroReason,
  onZero,
}: ChainMenuOptions): MenuGroup[] {
  const place = { table, chain: name };
  const filled = (chain?.entries.length ?? 0) > 0;
  const builtIn = isBuiltIn(table, name);
  return [
    {
      id: 'chain',
      title: name,
      actions: [
        {
          id: 'flush-chain',
          label: t('chainMenu.flush'),
          icon: 'trash',
          reason: reason ?? (filled ? null : t('chainMenu.isEmpty')),
          onAction: () => actions.add([{ ...place, type: 'flush' }]),
        },
        {
          id: 'zero-chain',
          label: t('zero.action'),
          icon: 'undo',
          reason: chain?.foreign ? t('zero.foreign', { chain: name }) : zeroReason,
          onAction: () => onZero(name),
        },
        {
          id: 'delete-chain',
          label: t('chainMenu.delete'),
          icon: 'close',
          reason: reason ?? (builtIn ? t('chainMenu.builtIn') : null),
          onAction: () =>
            actions.add([
              ...(filled ? [{ ...place, type: 'flush' as const }] : []),
              { ...place, type: 'deleteChain' },
            ]),
        },
      ],
    },
    {
      id: 'new',
      title: table,
      actions: [
        {
          id: 'new-chain',
          label: t('chainMenu.new'),
          icon: 'plus',
          reason: closed,
          onAction: () => onDialog('newChain'),
        },
        {
          id: 'zero-table',
          label: t('zero.ofTable', { table }),
          icon: 'undo',
          reason: zeroReason,
          onAction: () => onZero(null),
        },
      ],
    },
  ];
}
