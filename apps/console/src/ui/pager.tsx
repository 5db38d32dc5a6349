import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';

interface PagerProps {
  /** from 1 */
  page: number;
  size: number;
  total: number;
  onPage: (page: number) => void;
}

/** Nothing while everything fits one page. */
export function Pager({ page, size, total, onPage }: PagerProps) {
  const { t } = useTranslation();
  const pages = Math.ceil(total / size);
  if (pages <= 1 && page === 1) return null;
  return (
    <nav
      aria-label={t('pager.label')}
      className="flex min-h-10 flex-none items-center gap-2 border-t border-line-strong px-4 text-12"
    >
      <span className="text-fg-3 tabular-nums">
        {t('pager.range', { from: (page - 1) * size + 1, to: Math.min(page * size, total), total })}
      </span>
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
