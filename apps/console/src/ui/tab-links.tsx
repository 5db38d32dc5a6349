import { createLink, type LinkComponent } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactNode, Ref } from 'react';
import { cx } from './cx.ts';

/** Tabs that are addresses: links in a named group, the current one marked. */
export function TabLinks({
  label,
  children,
  className,
}: {
  label: string;
  children: ReactNode;
  className?: string;
}) {
  return (
    <nav
      aria-label={label}
      className={cx('flex flex-none gap-1 overflow-x-auto border-b border-line bg-surface px-2.5', className)}
    >
      {children}
    </nav>
  );
}

interface TabAnchorProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  ref?: Ref<HTMLAnchorElement>;
}

function TabAnchor(props: TabAnchorProps) {
  return (
    <a
      {...props}
      className="relative inline-flex h-11 items-center px-2.5 whitespace-nowrap text-fg-2 -outline-offset-2! hover:text-fg aria-[current]:font-semibold aria-[current]:text-fg aria-[current]:after:absolute aria-[current]:after:inset-x-2.5 aria-[current]:after:bottom-0 aria-[current]:after:h-0.5 aria-[current]:after:bg-ink narrow:h-9"
    />
  );
}

const Linked = createLink(TabAnchor);

export const TabLink: LinkComponent<typeof TabAnchor> = (props) => <Linked preload="intent" {...props} />;
