import type { ReactNode } from 'react';

/** What a dialog is about, in a box of up to four columns. */
export function Facts({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-2 gap-x-5 gap-y-2 rounded-6 border border-line bg-canvas px-3.5 py-2.5 narrow:grid-cols-[auto_auto_auto_minmax(0,auto)]">
      {children}
    </dl>
  );
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-11 text-fg-3">{label}</dt>
      <dd className="flex min-h-6 items-center gap-0.5 whitespace-nowrap">{children}</dd>
    </div>
  );
}
