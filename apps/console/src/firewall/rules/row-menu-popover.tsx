import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { type RowMenuOptions, rowMenu } from './row-menu.ts';

const MenuPopover = lazy(() =>
  import('../../ui/menu-popover.tsx').then((module) => ({ default: module.MenuPopover })),
);

interface RowMenuProps extends Omit<RowMenuOptions, 't'> {
  button: HTMLElement;
  onClose: () => void;
}

/** The one menu of all rows. */
export function RowMenu({ button, onClose, ...options }: RowMenuProps) {
  const { t } = useTranslation();
  const number = options.line.to ?? options.line.from ?? '';
  return (
    <Suspense fallback={null}>
      <MenuPopover
        label={t('rules.menuOf', { number })}
        groups={rowMenu({ ...options, t })}
        triggerRef={{ current: button }}
        onClose={onClose}
      />
    </Suspense>
  );
}
