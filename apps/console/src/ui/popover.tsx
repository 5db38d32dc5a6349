import type { ReactNode, RefObject } from 'react';
import { Popover as AriaPopover, Dialog } from 'react-aria-components/Popover';
import { cx } from './cx.ts';

interface PopoverProps {
  label: string;
  /** the button that opened it, which has the focus again once it is closed */
  triggerRef: RefObject<Element | null>;
  placement?: 'bottom start' | 'bottom end';
  testId: string;
  className?: string;
  onClose: () => void;
  children: ReactNode;
}

/** A small form at its button: whatever is chosen counts at once, and Escape or a press beside it closes it. */
export function Popover(props: PopoverProps) {
  const { label, triggerRef, placement = 'bottom end', testId, className, onClose, children } = props;
  return (
    <AriaPopover
      isOpen
      triggerRef={triggerRef}
      onOpenChange={(open) => !open && onClose()}
      placement={placement}
      offset={4}
      className="max-w-[calc(100vw-16px)] rounded-6 border border-line-strong bg-raised shadow-2"
    >
      <Dialog
        aria-label={label}
        data-testid={testId}
        className={cx('flex max-h-[inherit] flex-col outline-none', className)}
      >
        {children}
      </Dialog>
    </AriaPopover>
  );
}
