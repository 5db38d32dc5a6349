import type { ReactNode, Ref } from 'react';
import {
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
  FieldError,
  Input,
  Label,
  Text,
} from 'react-aria-components/TextField';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';

export interface TextFieldProps extends Omit<AriaTextFieldProps, 'className' | 'style' | 'children'> {
  label: string;
  placeholder?: string;
  hint?: ReactNode;
  /** what is wrong with the value; shown at the field */
  error?: string | undefined;
  /** addresses, ports, names of the host */
  mono?: boolean;
  /** label at the left, as in the rule form */
  beside?: boolean;
  ref?: Ref<HTMLInputElement>;
}

export function TextField({ label, placeholder, hint, error, mono, beside, ref, ...rest }: TextFieldProps) {
  return (
    <AriaTextField
      {...rest}
      isInvalid={error !== undefined}
      // errors come from the schema through the form, never from the browser
      validationBehavior="aria"
      className={cx('grid min-w-0 gap-1', beside && 'grid-cols-[92px_minmax(0,1fr)] items-center gap-x-2')}
    >
      <Label className={cx(beside ? 'leading-[15px]' : 'text-12 text-fg-2')}>{label}</Label>
      <Input
        ref={ref ?? null}
        {...(placeholder ? { placeholder } : {})}
        className={cx(
          'h-10 w-full min-w-0 rounded-4 border border-control bg-surface px-2.5 outline-none narrow:h-8',
          'data-focused:border-focus data-focused:ring-1 data-focused:ring-focus data-invalid:border-bad data-invalid:ring-1 data-invalid:ring-bad',
          mono && 'font-mono placeholder:font-sans',
        )}
      />
      {hint && !error && (
        <Text slot="description" className={cx('text-11 text-fg-3', beside && 'col-start-2')}>
          {hint}
        </Text>
      )}
      <FieldError
        className={cx('flex items-start gap-1 text-11 text-bad', beside && 'col-start-2')}
        data-testid="field-error"
      >
        <Icon name="lost" size={11} className="mt-[3px]" />
        <span>{error}</span>
      </FieldError>
    </AriaTextField>
  );
}
