import { type ReactNode, type Ref, useId } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import { cx } from './cx.ts';
import { Icon, type IconName } from './icon.tsx';
import { still } from './still.tsx';

const looks = {
  plain: 'border-line-strong bg-surface text-fg shadow-1',
  primary: 'border-ink bg-ink text-on-ink shadow-1',
  /** the press that changes a host: at most one on a screen */
  heat: 'border-heat bg-heat text-on-heat shadow-1',
  bad: 'border-bad-fill bg-bad-fill text-on-bad shadow-1',
  quiet: 'border-transparent bg-transparent text-fg-2',
  anvil: 'border-transparent bg-transparent font-normal! text-on-anvil',
} as const;

// apart from the looks: a button that cannot be pressed must not light up
const hovered: Record<keyof typeof looks, string> = {
  plain: 'data-hovered:bg-hover',
  primary: 'data-hovered:bg-ink-hover',
  heat: 'data-hovered:bg-heat-hover',
  bad: 'data-hovered:bg-bad-fill-hover',
  quiet: 'data-hovered:bg-hover',
  anvil: 'data-hovered:bg-anvil-2',
};

const sizes = {
  md: 'h-10 narrow:h-8 px-3',
  sm: 'h-8 narrow:h-[26px] px-[9px] text-12',
  xs: 'h-[22px] px-[7px] text-12',
} as const;

const iconSizes = {
  md: 'size-10 narrow:size-8',
  sm: 'size-11 narrow:size-[26px]',
  xs: 'size-[22px]',
} as const;

const reasonPlaces = {
  'below-end': 'top-full right-0 mt-1.5',
  'below-start': 'top-full left-0 mt-1.5',
  'above-end': 'right-0 bottom-full mb-1.5',
  'above-start': 'left-0 bottom-full mb-1.5',
} as const;

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  look?: keyof typeof looks;
  size?: keyof typeof sizes;
  icon?: IconName;
  /** why it cannot be pressed now: the button stays reachable and says so on focus, hover and tap */
  reason?: string | null | undefined;
  /** where the reason opens: not where an edge would cut it off */
  reasonAt?: keyof typeof reasonPlaces;
  className?: string;
  children?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

const shape =
  'inline-flex flex-none cursor-pointer items-center justify-center gap-1.5 rounded-4 border font-semibold whitespace-nowrap motion-safe:transition-colors duration-100';

/** A link that looks like a button. */
export function buttonLook({ look = 'plain', size = 'md' }: Pick<ButtonProps, 'look' | 'size'>): string {
  return cx(shape, looks[look], linkHover[look], sizes[size]);
}

/** A plain button with an icon alone that looks like one of these. */
export function iconButtonLook({ look = 'plain', size = 'md' }: Pick<ButtonProps, 'look' | 'size'>): string {
  return cx(shape, looks[look], linkHover[look], iconSizes[size]);
}

const linkHover: Partial<Record<keyof typeof looks, string>> = {
  plain: 'hover:bg-hover',
  primary: 'hover:bg-ink-hover',
  heat: 'hover:bg-heat-hover',
  quiet: 'hover:bg-hover',
};

/** Without children an icon button, which then needs an `aria-label`. To draw React Aria's takes half a millisecond. */
export const Button = still(DrawnButton);

function DrawnButton({
  look = 'plain',
  size = 'md',
  icon,
  reason,
  reasonAt = 'below-end',
  className,
  children,
  onPress,
  ...rest
}: ButtonProps) {
  const reasonId = useId();
  const square = children === undefined;
  const button = (
    <AriaButton
      {...rest}
      {...(reason ? { 'aria-disabled': true, 'aria-describedby': reasonId } : onPress && { onPress })}
      className={cx(
        shape,
        'aria-disabled:cursor-default aria-disabled:border-line aria-disabled:bg-sunken aria-disabled:text-fg-off aria-disabled:shadow-none data-disabled:cursor-default data-disabled:border-line data-disabled:bg-sunken data-disabled:text-fg-off data-disabled:shadow-none',
        looks[look],
        !reason && hovered[look],
        look === 'quiet' && 'aria-disabled:border-transparent! aria-disabled:bg-transparent!',
        square ? iconSizes[size] : sizes[size],
        className,
      )}
    >
      {icon && <Icon name={icon} />}
      {children}
    </AriaButton>
  );
  if (!reason) return button;
  return (
    <span className="group/reason relative inline-flex">
      {button}
      <span
        id={reasonId}
        role="tooltip"
        className={cx(
          'pointer-events-none invisible absolute z-30 w-max max-w-60 rounded-4 bg-anvil px-2.5 py-1.5 text-12 font-normal text-on-anvil shadow-2 group-focus-within/reason:visible group-hover/reason:visible',
          reasonPlaces[reasonAt],
        )}
      >
        {reason}
      </span>
    </span>
  );
}
