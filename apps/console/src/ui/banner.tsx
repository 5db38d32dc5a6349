import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type IconName } from './icon.tsx';

const tones = {
  plain: { box: 'border-line-strong bg-surface', mark: 'text-fg-2', icon: 'info' },
  info: { box: 'border-info-line bg-info-tint', mark: 'text-info', icon: 'info' },
  good: { box: 'border-good-line bg-good-tint', mark: 'text-good', icon: 'ok' },
  warn: { box: 'border-warn-line bg-warn-tint', mark: 'text-warn', icon: 'unknown' },
  bad: { box: 'border-bad-line bg-bad-tint', mark: 'text-bad', icon: 'unknown' },
  lost: { box: 'border-bad-line bg-bad-tint', mark: 'text-bad', icon: 'lost' },
} as const satisfies Record<string, { box: string; mark: string; icon: IconName }>;

interface BannerProps {
  tone?: keyof typeof tones;
  title?: ReactNode;
  /** the title stands on a line of its own */
  stacked?: boolean;
  children?: ReactNode;
  /** buttons at the end */
  actions?: ReactNode;
  /** `alert` for what has just gone wrong, so that it is read out */
  role?: 'alert' | 'status';
  className?: string;
}

export function Banner({
  tone = 'plain',
  title,
  stacked = false,
  children,
  actions,
  role,
  className,
}: BannerProps) {
  const look = tones[tone];
  return (
    <div
      role={role}
      className={cx(
        'flex items-start gap-2.5 rounded-4 max-narrow:flex-wrap border border-l-[3px] px-3.5 py-2.5',
        look.box,
        className,
      )}
    >
      <Icon name={look.icon} className={cx('mt-0.5', look.mark)} />
      <div className="min-w-0 flex-1">
        {title && <b className={cx(look.mark, stacked ? 'block' : 'mr-1')}>{title}</b>}
        {children}
      </div>
      {actions && (
        <div className="-my-0.5 flex flex-none gap-2 max-narrow:my-0 max-narrow:basis-full max-narrow:pl-6">
          {actions}
        </div>
      )}
    </div>
  );
}
