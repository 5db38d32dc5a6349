import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import type { Filtered } from './rule-filter.ts';

interface FilterNoteProps {
  filtered: Filtered;
  total: number;
  query: string;
  forAll: boolean;
  onForAll: (shown: boolean) => void;
}

/** How many rules the filter leaves, and for an address those that are for every address. */
export function FilterNote({ filtered, total, query, forAll, onForAll }: FilterNoteProps) {
  const { t } = useTranslation();
  if (filtered.shown === null) return null;
  return (
    <div
      role="status"
      className="flex min-h-9 flex-none flex-wrap items-center gap-2 border-b border-line bg-canvas px-4 py-1 text-12 text-fg-2"
    >
      {filtered.shown.length === 0
        ? t('rules.noMatch')
        : t('grid.filtered', { shown: filtered.shown.length, total })}
      {filtered.forAll > 0 && (
        <>
          <span>{t('grid.forAll', { count: filtered.forAll, address: query.trim() })}</span>
          <Button size="xs" onPress={() => onForAll(!forAll)}>
            {t(forAll ? 'grid.hideForAll' : 'grid.showForAll')}
          </Button>
        </>
      )}
    </div>
  );
}
