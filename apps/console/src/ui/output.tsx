import { ScrollRegion } from './scroll-region.tsx';

interface OutputProps {
  label: string;
  testId?: string;
  children: string;
}

/** What a program printed, column by column. */
export function Output({ label, testId, children }: OutputProps) {
  return (
    <ScrollRegion label={label}>
      <pre
        translate="no"
        data-testid={testId}
        className="w-max min-w-full rounded-4 border border-line bg-canvas p-3 font-mono text-12 leading-[1.5]"
      >
        {children}
      </pre>
    </ScrollRegion>
  );
}
