import type { ReactNode } from 'react';
import { cx } from './cx.ts';

interface ScrollRegionProps {
  label: string;
  className?: string;
  children: ReactNode;
}

/** Columns that must not wrap: they scroll sideways, by keyboard too. */
export function ScrollRegion({ label, className, children }: ScrollRegionProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the focus
    <section aria-label={label} tabIndex={0} className={cx('overflow-x-auto rounded-4', className)}>
      {children}
    </section>
  );
}
