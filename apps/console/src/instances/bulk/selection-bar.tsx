import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { mostChosen, type Selection } from '../../ui/selection.ts';

interface SelectionBarProps {
  label: string;
  selection: Selection<unknown>;
  /** what can be done with all of them */
  children: ReactNode;
}

/** At the foot of a list while rows are chosen: how many, what can be done with them, and the way out. */
export function SelectionBar({ label, selection, children }: SelectionBarProps) {
  const { t } = useTranslation();
  const count = selection.chosen.length;
  return (
    <section
      aria-label={label}
      data-testid="bulk-bar"
      className="flex flex-none flex-wrap items-center gap-2 border-t border-line-strong bg-sunken px-4 py-2"
    >
      <b role="status" className="mr-1 tabular-nums">
        {t('bulk.chosen', { count })}
      </b>
      {count >= mostChosen && (
        <span className="text-12 text-fg-2">{t('bulk.most', { total: mostChosen })}</span>
      )}
      {children}
      <span className="flex-1" />
      <Button size="sm" look="quiet" onPress={selection.clear}>
        {t('bulk.clear')}
      </Button>
    </section>
  );
}
