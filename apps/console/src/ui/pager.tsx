import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { MenuButton } from './menu-button.tsx';

interface PagerProps {
  /** from 1 */
  page: number;
  size: number;
  total: number;
  onPage: (page: number) => void;
  /** rows that a page may have, where that can be chosen; the smallest number comes first */
  sizes?: readonly number[];
  onSize?: (size: number) => void;
}

/** Nothing while everything fits one page, of whatever size. */
export function Pager({ page, size, total, onPage, sizes = [], onSize }: PagerProps) {
  const { t } = useTranslation();
  const pages = Math.ceil(total / size);
  // the same element while it says the same, so that a button is not drawn with each page
  const perPage = useMemo(
    () => (
      <>
        {t('pager.perPage', { size })}
        <Icon name="chevronDown" size={12} />
      </>
    ),
    [t, size],
  );
  if (total <= Math.min(size, ...sizes) && page === 1) return null;
  return (
    <nav
      aria-label={t('pager.label')}
      className="flex min-h-10 flex-none items-center gap-2 border-t border-line-strong px-4 text-12"
    >
      <span className="text-fg-3 tabular-nums">
        {t('pager.range', { from: (page - 1) * size + 1, to: Math.min(page * size, total), total })}
      </span>
      {onSize && (
        <MenuButton
          size="sm"
          look="quiet"
          label={t('pager.size')}
          data-testid="page-size"
          groups={() => [
            {
              id: 'size',
              title: t('pager.size'),
              selected: String(size),
              actions: sizes.map((rows) => ({
                id: String(rows),
                label: t('common.count', { total: rows }),
                onAction: () => onSize(rows),
              })),
            },
          ]}
        >
          {perPage}
        </MenuButton>
      )}
      <span className="flex-1" />
      <Button size="sm" look="quiet" isDisabled={page <= 1} onPress={() => onPage(page - 1)}>
        {t('pager.previous')}
      </Button>
      <span className="tabular-nums">
        {page} / {Math.max(pages, 1)}
      </span>
      <Button size="sm" look="quiet" isDisabled={page >= pages} onPress={() => onPage(page + 1)}>
        {t('pager.next')}
      </Button>
    </nav>
  );
}
