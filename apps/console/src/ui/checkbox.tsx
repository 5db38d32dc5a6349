import type { ReactNode } from 'react';
import { Checkbox as AriaCheckbox } from 'react-aria-components/Checkbox';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';

interface CheckboxProps {
  isSelected: boolean;
  onChange: (selected: boolean) => void;
  isDisabled?: boolean;
  className?: string;
  children: ReactNode;
}

export function Checkbox({ className, children, ...rest }: CheckboxProps) {
  return (
    <AriaCheckbox
      {...rest}
      className={cx(
        'group flex cursor-pointer items-start gap-[9px] leading-[1.45] data-disabled:text-fg-off',
        className,
      )}
    >
      <span className="mt-px grid size-4 flex-none place-items-center rounded-[3px] border border-control bg-surface text-on-ink group-data-focus-visible:outline-2 group-data-focus-visible:outline-offset-2 group-data-focus-visible:outline-focus group-data-selected:border-ink group-data-selected:bg-ink">
        <Icon name="check" size={12} className="hidden stroke-2! group-data-selected:block" />
      </span>
      <span>{children}</span>
    </AriaCheckbox>
  );
}
