import { useTranslation } from 'react-i18next';
import { onDemand } from '../../ui/on-demand.tsx';
import { type RowMenuOptions, rowMenu } from './row-menu.ts';

const MenuPopover = onDemand(() => import('../../ui/menu-popover.tsx').then((module) => module.MenuPopover));

interface RowMenuProps extends Omit<RowMenuOptions, 't'> {
  button: HTMLElement;
  onClose: () => void;
}

/** The one menu of all rows. */
export function RowMenu({ button, onClose, ...options }: RowMenuProps) {
  const { t } = useTranslation();
  const number = options.line.to ?? options.line.from ?? '';
  return (
    <MenuPopover
      label={t('rules.menuOf', { number })}
      groups={rowMenu({ ...options, t })}
      triggerRef={{ current: button }}
      onClose={onClose}
    />
  );
}
