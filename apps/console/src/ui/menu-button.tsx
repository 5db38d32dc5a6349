import { useRef, useState } from 'react';
import { Button, type ButtonProps } from './button.tsx';
import type { MenuGroup } from './menu-popover.tsx';
import { onDemand } from './on-demand.tsx';

const MenuPopover = onDemand(() => import('./menu-popover.tsx').then((module) => module.MenuPopover));

interface MenuButtonProps extends Omit<ButtonProps, 'onPress'> {
  /** name of the menu, and of the button where it shows no words */
  label: string;
  /** called when the menu opens, so that a list of buttons does not build a list of menus */
  groups: () => MenuGroup[];
}

/** A button that opens a menu. The menu's code is fetched when a pointer or the focus comes near. */
export function MenuButton({ label, groups, ...rest }: MenuButtonProps) {
  const [open, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  return (
    <>
      <Button
        {...(rest.children === undefined ? { 'aria-label': label } : {})}
        {...rest}
        ref={trigger}
        aria-haspopup="menu"
        aria-expanded={open}
        onHoverStart={MenuPopover.preload}
        onFocus={MenuPopover.preload}
        onPress={() => setOpen(true)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') setOpen(true);
          else event.continuePropagation();
        }}
      />
      {open && (
        <MenuPopover label={label} groups={groups()} triggerRef={trigger} onClose={() => setOpen(false)} />
      )}
    </>
  );
}
