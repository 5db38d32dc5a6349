import type { ReactNode } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { cx } from './cx.ts';

interface RadioListProps {
  label: string;
  /** the label is for assistive technology alone */
  hideLabel?: boolean;
  value: string | null;
  onChange: (value: string) => void;
  children: ReactNode;
  testId?: string;
}

/** Choices as rows in one box. */
export function RadioList({ label, hideLabel = false, value, onChange, children, testId }: RadioListProps) {
  return (
    <RadioGroup
      value={value}
      onChange={onChange}
      {...(hideLabel ? { 'aria-label': label } : {})}
      {...(testId ? { 'data-testid': testId } : {})}
    >
      {!hideLabel && <Label className="mb-1.5 block font-semibold">{label}</Label>}
      <div className="overflow-hidden rounded-6 border border-line-strong bg-surface [&>*+*]:border-t [&>*+*]:border-line">
        {children}
      </div>
    </RadioGroup>
  );
}

interface RadioRowProps {
  value: string;
  isDisabled?: boolean;
  /** keeps the keyboard order of rows with the same words apart in tests */
  dataId?: string;
  children: ReactNode;
}

export function RadioRow({ value, isDisabled = false, dataId, children }: RadioRowProps) {
  return (
    <Radio
      value={value}
      isDisabled={isDisabled}
      {...(dataId ? { 'data-id': dataId } : {})}
      className={cx(
        'group flex min-h-11 cursor-pointer flex-wrap items-center gap-x-2.5 gap-y-0.5 px-3 py-[5px] narrow:min-h-[38px] narrow:flex-nowrap',
        'data-selected:bg-selected data-disabled:cursor-default data-disabled:bg-canvas data-disabled:text-fg-off',
      )}
    >
      <span className="size-4 flex-none rounded-full border border-control bg-surface group-data-disabled:border-line-strong group-data-disabled:bg-sunken group-data-focus-visible:outline-2 group-data-focus-visible:outline-offset-2 group-data-focus-visible:outline-focus group-data-selected:border-[5px] group-data-selected:border-ink" />
      {children}
    </Radio>
  );
}
