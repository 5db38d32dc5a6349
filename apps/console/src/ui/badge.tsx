import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type IconName } from './icon.tsx';

const tones = {
  plain: 'border-transparent bg-sunken text-fg-2 font-normal',
  line: 'border-line-strong bg-surface text-fg-2 font-semibold',
  good: 'border-good-line bg-good-tint text-good font-semibold',
  warn: 'border-warn-line bg-warn-tint text-warn font-semibold',
  bad: 'border-bad-line bg-bad-tint text-bad font-semibold',
  /** not decided yet on a host */
  heat: 'border-heat-line bg-heat-tint text-heat-text font-semibold',
} as const;

interface TagProps {
  tone?: keyof typeof tones;
  icon?: IconName;
  children: ReactNode;
}

export function Tag({ tone = 'line', icon, children }: TagProps) {
  return (
    <span
      className={cx(
        'inline-flex h-5 flex-none items-center gap-1 rounded-[3px] border px-1.5 text-11 leading-none whitespace-nowrap',
        tones[tone],
      )}
    >
      {icon && <Icon name={icon} size={11} />}
      {children}
    </span>
  );
}

const states = {
  /** all is well: only the shape is coloured, so that green does not fill a list */
  calm: { text: 'text-fg', shape: 'text-good', icon: 'ok' },
  good: { text: 'text-good', shape: '', icon: 'ok' },
  changing: { text: 'text-info', shape: '', icon: 'half' },
  off: { text: 'text-fg-2', shape: '', icon: 'ring' },
  unknown: { text: 'text-warn', shape: '', icon: 'unknown' },
  lost: { text: 'text-bad', shape: '', icon: 'lost' },
  /** heeded as much as lost, but nothing is broken: open to the world */
  danger: { text: 'text-bad', shape: '', icon: 'unknown' },
} as const satisfies Record<string, { text: string; shape: string; icon: IconName }>;

export type StateKind = keyof typeof states;

interface StateProps {
  kind: StateKind;
  strong?: boolean;
  className?: string;
  children: ReactNode;
}

/** A state as shape and word, never as colour alone. */
export function State({ kind, strong = false, className, children }: StateProps) {
  const look = states[kind];
  return (
    <span
      data-kind={kind}
      className={cx(
        'inline-flex items-center gap-1.5 whitespace-nowrap',
        look.text,
        strong && 'font-semibold',
        className,
      )}
    >
      <Icon name={look.icon} size={11} className={look.shape} />
      {children}
    </span>
  );
}
