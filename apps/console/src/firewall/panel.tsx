import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';

interface PanelProps {
  title: string;
  label: string;
  testId: string;
  /** beside the title */
  note?: ReactNode;
  footer?: ReactNode;
  /** absent: it stands there always, and only where there is room */
  onClose?: () => void;
  children: ReactNode;
}

/** The right column of the rule editor; below `wide` it lies over the grid. */
export function Panel({ title, label, testId, note, footer, onClose, children }: PanelProps) {
  const { t } = useTranslation();
  return (
    <aside
      aria-label={label}
      data-testid={testId}
      className={cx(
        'min-h-0 flex-col border-line bg-surface wide:flex wide:border-l',
        onClose
          ? 'fixed inset-x-0 top-12 bottom-0 z-20 flex narrow:absolute narrow:inset-y-0 narrow:left-auto narrow:w-[324px] narrow:border-l narrow:shadow-2 wide:static wide:w-auto wide:shadow-none'
          : 'hidden',
      )}
    >
      <header className="flex h-[46px] flex-none items-center gap-2 border-b border-line pr-2 pl-4">
        <h2 className="text-14">{title}</h2>
        {note}
        <span className="flex-1" />
        {onClose && (
          <Button look="quiet" size="sm" icon="close" aria-label={t('common.close')} onPress={onClose} />
        )}
      </header>
      <div className="flex min-h-0 flex-1 flex-col gap-2 overflow-auto px-4 py-3">{children}</div>
      {footer && <footer className="flex-none border-t border-line px-4 py-2.5">{footer}</footer>}
    </aside>
  );
}
