import { cx } from './cx.ts';

/** An address, a port list or an id: monospaced, whole, and left alone by translators. */
export function Address({ children, className }: { children: string; className?: string }) {
  return (
    <span translate="no" className={cx('addr', className)}>
      {children}
    </span>
  );
}
