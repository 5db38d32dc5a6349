import {
  Select as AriaSelect,
  Button,
  FieldError,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
} from 'react-aria-components/Select';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';

export interface SelectOption {
  id: string;
  label: string;
}

interface SelectProps {
  label: string;
  options: SelectOption[];
  /** null: nothing chosen, the placeholder shows */
  value: string | null;
  placeholder?: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  /** label at the left, as in the rule form; else it is for assistive technology alone */
  beside?: boolean;
}

export function Select({ label, options, value, placeholder, onChange, error, beside = false }: SelectProps) {
  return (
    <AriaSelect
      selectedKey={value}
      onSelectionChange={(key) => key !== null && onChange(String(key))}
      isInvalid={error !== undefined}
      {...(beside ? {} : { 'aria-label': label })}
      {...(placeholder ? { placeholder } : {})}
      className={cx('grid min-w-0 gap-1', beside && 'grid-cols-[92px_minmax(0,1fr)] items-center gap-x-2')}
    >
      {beside && <Label className="leading-[15px]">{label}</Label>}
      <Button
        className={cx(
          'flex h-10 w-full min-w-0 cursor-pointer items-center gap-1.5 rounded-4 border bg-surface px-2.5 text-left narrow:h-8',
          error ? 'border-bad ring-1 ring-bad' : 'border-control',
        )}
      >
        <SelectValue className="min-w-0 flex-1 truncate" />
        <Icon name="chevronDown" size={12} className="text-fg-3" />
      </Button>
      <FieldError className={cx('text-11 text-bad', beside && 'col-start-2')}>{error}</FieldError>
      <Popover
        offset={4}
        className="min-w-(--trigger-width) overflow-auto rounded-6 border border-line-strong bg-raised p-1 shadow-2"
      >
        <ListBox items={options} className="outline-none">
          {(option) => (
            <ListBoxItem
              id={option.id}
              className="flex min-h-10 cursor-pointer items-center rounded-4 px-2.5 py-1 outline-none data-focused:bg-hover data-focus-visible:outline-2 data-focus-visible:outline-solid data-focus-visible:-outline-offset-2 data-focus-visible:outline-focus data-selected:font-semibold narrow:min-h-[30px]"
            >
              {option.label}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
