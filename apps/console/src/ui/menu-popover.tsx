import { type RefObject, type SyntheticEvent, useEffect } from 'react';
import { Header, Menu, MenuItem, MenuSection, Popover, Separator } from 'react-aria-components/Menu';
import { cx } from './cx.ts';
import { Icon, type IconName } from './icon.tsx';

/** One entry. With a `reason` it stays reachable and legible, and does nothing. */
export interface MenuAction {
  id: string;
  label: string;
  icon?: IconName;
  /** what it takes away does not come back */
  danger?: boolean;
  reason?: string | null;
  onAction: () => void;
}

export interface MenuGroup {
  id: string;
  title: string;
  actions: MenuAction[];
  /** id of the chosen entry, where the group is a choice */
  selected?: string;
}

interface MenuPopoverProps {
  label: string;
  groups: MenuGroup[];
  triggerRef: RefObject<Element | null>;
  onClose: () => void;
}

export function MenuPopover({ label, groups, triggerRef, onClose }: MenuPopoverProps) {
  useEffect(() => {
    // React Aria moves the focus to what follows the button, where anything does, and lets nobody else see the key
    const onKeyDown = ({ key }: KeyboardEvent) => key === 'Tab' && queueMicrotask(onClose);
    document.addEventListener('keydown', onKeyDown, true);
    return () => document.removeEventListener('keydown', onKeyDown, true);
  }, [onClose]);
  const withSeparators = groups.flatMap((group, index) => (index === 0 ? [group] : [null, group]));
  return (
    <Popover
      isOpen
      // a modal one makes the page behind it inert, and the browser then works out the style of every row anew
      isNonModal
      aria-label={label}
      triggerRef={triggerRef}
      onOpenChange={(open) => !open && onClose()}
      placement="bottom end"
      offset={4}
      className="w-72 max-w-[calc(100vw-16px)] overflow-auto rounded-6 border border-line-strong bg-raised shadow-2"
    >
      <Curtain onPress={onClose} />
      <Menu aria-label={label} autoFocus="first" onClose={onClose} className="p-1.5 outline-none">
        {withSeparators.map((group, index) =>
          group ? (
            <Group key={group.id} group={group} />
          ) : (
            <Separator
              key={`before-${groups[Math.ceil(index / 2)]?.id}`}
              className="mx-1 my-[5px] border-t border-line"
            />
          ),
        )}
      </Menu>
    </Popover>
  );
}

/** Behind the menu and before the page: what is pressed beside the menu closes it, and does nothing else. */
function Curtain({ onPress }: { onPress: () => void }) {
  // the focus stays in the menu, which gives it back to the button
  const stay = (event: SyntheticEvent) => {
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      aria-hidden="true"
      className="fixed inset-0 -z-1"
      onPointerDown={stay}
      onMouseDown={stay}
      onContextMenu={stay}
      onClick={(event) => {
        stay(event);
        onPress();
      }}
    />
  );
}

function Group({ group }: { group: MenuGroup }) {
  const choice = group.selected !== undefined;
  return (
    <MenuSection
      {...(choice
        ? {
            selectionMode: 'single' as const,
            selectedKeys: [group.selected ?? ''],
            disallowEmptySelection: true,
          }
        : {})}
    >
      <Header className="px-2.5 pt-[7px] pb-[3px] text-11 font-semibold text-fg-3">{group.title}</Header>
      {group.actions.map((action) => (
        <Entry
          key={action.id}
          action={action}
          chosen={choice && group.selected === action.id}
          choice={choice}
        />
      ))}
    </MenuSection>
  );
}

function Entry({ action, choice, chosen }: { action: MenuAction; choice: boolean; chosen: boolean }) {
  const { reason } = action;
  return (
    <MenuItem
      id={action.id}
      data-testid={`menu-${action.id}`}
      textValue={action.label}
      // React Aria skips disabled entries with the keyboard, and with them the reason
      shouldCloseOnSelect={!reason}
      {...(reason ? { render: (props) => <div {...(props as object)} aria-disabled="true" /> } : {})}
      onAction={() => !reason && action.onAction()}
      className={cx(
        'flex min-h-11 cursor-pointer items-center gap-2.5 rounded-4 px-2.5 py-1 leading-[1.4] outline-none narrow:min-h-[30px]',
        'data-focused:bg-hover data-focus-visible:outline-2 data-focus-visible:outline-solid data-focus-visible:-outline-offset-2 data-focus-visible:outline-focus',
        reason ? 'cursor-default items-start text-fg-off' : action.danger ? 'text-bad' : 'text-fg',
      )}
    >
      {choice ? (
        <Icon name="check" className={chosen ? 'text-fg' : 'invisible'} />
      ) : (
        action.icon && (
          <Icon
            name={action.icon}
            className={cx(reason ? 'mt-px text-fg-off' : !action.danger && 'text-fg-3')}
          />
        )
      )}
      <span className="min-w-0">
        {action.label}
        {reason && <small className="block text-11 text-fg-3">{reason}</small>}
      </span>
    </MenuItem>
  );
}
