import type { ReactNode } from 'react';

interface SectionProps {
  title: string;
  /** beside the title, quieter */
  note?: ReactNode;
  /** at the end of the head */
  actions?: ReactNode;
  testId?: string;
  id?: string;
  children: ReactNode;
}

/** A part of a page with a head of its own. */
export function Section({ title, note, actions, testId, id, children }: SectionProps) {
  return (
    <section
      id={id}
      aria-label={title}
      data-testid={testId}
      className="min-w-0 border-y border-line bg-surface narrow:rounded-6 narrow:border-x"
    >
      <header className="flex min-h-10 flex-wrap items-center gap-x-2 border-b border-line px-4 py-1">
        <h2 className="text-14">{title}</h2>
        {note && <span className="text-12 text-fg-3">{note}</span>}
        <span className="flex-1" />
        {actions}
      </header>
      {children}
    </section>
  );
}
