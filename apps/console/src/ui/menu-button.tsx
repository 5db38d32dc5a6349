import { type KeyboardEvent, useRef, useState } from 'react';
import { Button, type ButtonProps, iconButtonLook } from './button.tsx';
import { Icon } from './icon.tsx';
import type { MenuGroup } from './menu-popover.tsx';
import { onDemand } from './on-demand.tsx';

/** The menu's code is fetched when a pointer or the focus comes near. */
export const MenuPopover = onDemand(() => import('./menu-popover.tsx').then((module) => module.MenuPopover));

interface MenuProps {
  /** name of the menu, and of the button where it shows no words */
  label: string;
  /** called when the menu opens, so that a list of buttons does not build a list of menus */
  groups: () => MenuGroup[];
}

function useMenu({ label, groups }: MenuProps, of = '') {
  const [openOf, setOpenOf] = useState<string | null>(null);
  const open = openOf === of;
  // for good: a row that becomes what it was does not open it again
  if (!open && openOf !== null) setOpenOf(null);
  const trigger = useRef<HTMLButtonElement>(null);
  return {
    props: {
      ref: trigger,
      'aria-haspopup': 'menu',
      'aria-expanded': open,
      onFocus: MenuPopover.preload,
    } as const,
    show: () => setOpenOf(of),
    popover: open && (
      <MenuPopover label={label} groups={groups()} triggerRef={trigger} onClose={() => setOpenOf(null)} />
    ),
  };
}

const opens = ({ key }: Pick<KeyboardEvent, 'key'>) => key === 'ArrowDown' || key === 'ArrowUp';

/** A button that opens a menu. */
export function MenuButton({ label, groups, ...rest }: MenuProps & Omit<ButtonProps, 'onPress'>) {
  const menu = useMenu({ label, groups });
  return (
    <>
      <Button
        {...(rest.children === undefined ? { 'aria-label': label } : {})}
        {...rest}
        {...menu.props}
        onHoverStart={MenuPopover.preload}
        onPress={menu.show}
        onKeyDown={(event) => {
          if (opens(event)) menu.show();
          else event.continuePropagation();
        }}
      />
      {menu.popover}
    </>
  );
}

interface RowMenuProps extends MenuProps {
  /** id of what the row shows: a menu that is open closes where its row becomes another's */
  of: string;
  testId: string;
}

/** The same for a row of a list, of which there are many: a plain element costs a tenth of React Aria's button. */
export function RowMenuButton({ label, groups, of, testId }: RowMenuProps) {
  const menu = useMenu({ label, groups }, of);
  return (
    <>
      <button
        type="button"
        {...menu.props}
        aria-label={label}
        data-testid={testId}
        onPointerEnter={MenuPopover.preload}
        onMouseDown={(event) => {
          // with Ctrl a Mac opens its own menu
          if (event.button !== 0 || event.ctrlKey) return;
          // as menus of a desktop do: it is there by the time that a hand lets go
          event.currentTarget.focus();
          event.preventDefault();
          menu.show();
        }}
        onClick={(event) => {
          // Safari focuses no button that is clicked, and the menu gives the focus back to what had it
          event.currentTarget.focus();
          menu.show();
        }}
        // a click that keys make counts as a screen reader's, which is given the menu and not its first entry
        onKeyDown={(event) => {
          if (!opens(event) && event.key !== 'Enter' && event.key !== ' ') return;
          event.preventDefault();
          menu.show();
        }}
        className={iconButtonLook({ look: 'quiet', size: 'sm' })}
      >
        <Icon name="more" />
      </button>
      {menu.popover}
    </>
  );
}
