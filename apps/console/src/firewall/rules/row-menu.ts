import type { TFunction } from 'i18next';
import type { MenuGroup } from '../../ui/menu-popover.tsx';
import type { Line } from '../drafts/lines.ts';
import type { Move } from './moves.ts';
import { moveBy } from './moves.ts';

export interface RowMenuOptions {
  line: Line;
  lines: readonly Line[];
  /** ids that the entry is about: the rule, or all that are chosen */
  ids: readonly string[];
  reason: string | null;
  t: TFunction;
  do: {
    show(): void;
    edit(): void;
    insert(side: 'before' | 'after'): void;
    duplicate(): void;
    move(move: Move): void;
    turn(off: boolean): void;
    /** takes back that it is deleted, or edited */
    restore(): void;
    copy(): void;
    link(): void;
    delete(): void;
  };
}

/** What can be done with a rule. What cannot be done now says why. */
export function rowMenu({ line, lines, ids, reason, t, do: act }: RowMenuOptions): MenuGroup[] {
  const number = line.to ?? line.from;
  const title = number === null ? t('rules.title') : t('rules.ruleNumber', { number });
  const show = { id: 'show', label: t('rules.show'), icon: 'info', onAction: act.show } as const;
  const copy = { id: 'copy-rule', label: t('rules.copy'), icon: 'copy', onAction: act.copy } as const;
  if (line.mark === 'deleted') {
    const keep = {
      id: 'keep-rule',
      label: t('rowMenu.keep'),
      icon: 'undo',
      reason,
      onAction: act.restore,
    } as const;
    return [{ id: 'rule', title, actions: [show, keep, copy] }];
  }
  const moving = (
    id: string,
    by: Parameters<typeof moveBy>[2],
    label: 'rowMenu.up' | 'rowMenu.down' | 'rowMenu.first' | 'rowMenu.last',
  ) => {
    const move = moveBy(lines, ids, by);
    return {
      id,
      label: t(label),
      reason: reason ?? (move ? null : t('rowMenu.alreadyThere')),
      onAction: () => move && act.move(move),
    };
  };
  return [
    {
      id: 'rule',
      title,
      actions: [
        show,
        { id: 'edit-rule', label: t('rowMenu.edit'), icon: 'edit', reason, onAction: act.edit },
        ...(line.mark === 'edited'
          ? [
              {
                id: 'unedit-rule',
                label: t('rowMenu.unedit'),
                icon: 'undo',
                reason,
                onAction: act.restore,
              } as const,
            ]
          : []),
        {
          id: 'insert-above',
          label: t('rowMenu.insertAbove'),
          icon: 'plus',
          reason,
          onAction: () => act.insert('before'),
        },
        {
          id: 'add-below',
          label: t('rowMenu.addBelow'),
          icon: 'plus',
          reason,
          onAction: () => act.insert('after'),
        },
        {
          id: 'duplicate-rule',
          label: t('rowMenu.duplicate'),
          icon: 'copy',
          reason,
          onAction: act.duplicate,
        },
      ],
    },
    {
      id: 'move',
      title: t('rowMenu.move'),
      actions: [
        moving('move-up', -1, 'rowMenu.up'),
        moving('move-down', 1, 'rowMenu.down'),
        moving('move-first', 'first', 'rowMenu.first'),
        moving('move-last', 'last', 'rowMenu.last'),
      ],
    },
    {
      id: 'more',
      title: t('rules.title'),
      actions: [
        copy,
        { id: 'link-rule', label: t('rowMenu.link'), icon: 'link', onAction: act.link },
        {
          id: 'turn-rule',
          label: t(line.entry.off ? 'rowMenu.on' : 'rowMenu.off'),
          icon: 'power',
          reason,
          onAction: () => act.turn(!line.entry.off),
        },
        { id: 'delete-rule', label: t('rules.delete'), icon: 'trash', reason, onAction: act.delete },
      ],
    },
  ];
}
