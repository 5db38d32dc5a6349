import { useTranslation } from 'react-i18next';
import { MenuPopover } from '../../ui/menu-button.tsx';
import { type RowMenuOptions, rowMenu } from './row-menu.ts';

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
