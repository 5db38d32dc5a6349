import type { ReactNode } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { cx } from './cx.ts';

interface SegmentedProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: { id: string; label: ReactNode }[];
}

/** One of two or three, all in sight; its label stands at the left. */
export function Segmented({ label, value, onChange, options }: SegmentedProps) {
  return (
    <RadioGroup
      value={value}
      onChange={onChange}
      orientation="horizontal"
      className="grid grid-cols-[92px_minmax(0,1fr)] items-center gap-2"
    >
      <Label className="leading-[15px]">{label}</Label>
      <div className="flex h-10 rounded-4 border border-control bg-surface narrow:h-8">
        {options.map((option, index) => (
          <Radio
            key={option.id}
            value={option.id}
            className={cx(
              'flex flex-1 cursor-pointer items-center justify-center gap-1 px-0.5 text-12 whitespace-nowrap text-fg-2 data-focus-visible:outline-2 data-focus-visible:outline-offset-2 data-focus-visible:outline-focus data-selected:bg-ink data-selected:font-semibold data-selected:text-on-ink',
              index === 0 ? 'rounded-l-[3px]' : 'border-l border-line-strong',
              index === options.length - 1 && 'rounded-r-[3px]',
            )}
          >
            {option.label}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
