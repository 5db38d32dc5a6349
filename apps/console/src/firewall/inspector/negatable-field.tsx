import type { ReactNode } from 'react';
import { TextField as AriaTextField, FieldError, Input, Label, Text } from 'react-aria-components/TextField';
import { useTranslation } from 'react-i18next';
import { cx } from '../../ui/cx.ts';
import { Icon } from '../../ui/icon.tsx';

interface NegatableFieldProps {
  label: string;
  /** with `! ` in front where the condition is turned round */
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  hint?: ReactNode;
  error?: string | undefined;
  autoFocus?: boolean;
  /** a condition that can be turned round */
  negatable?: boolean;
  /** the value differs from what the host has */
  changed?: boolean;
  /** at the end of the field */
  action?: ReactNode;
  /** a label that is an option of the tool */
  mono?: boolean;
}

/** A condition of a rule: its value, and whether it means everything else. */
export function NegatableField(props: NegatableFieldProps) {
  const { label, value, onChange, placeholder, hint, error, negatable = true, action } = props;
  const { t } = useTranslation();
  const not = value.startsWith('!');
  const bare = not ? value.slice(1).trimStart() : value;
  return (
    <AriaTextField
      value={bare}
      onChange={(next) => onChange(not && !next.startsWith('!') ? `! ${next}` : next)}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      autoComplete="off"
      spellCheck="false"
      autoFocus={props.autoFocus ?? false}
      className="grid min-w-0 grid-cols-[92px_minmax(0,1fr)] items-center gap-x-2 gap-y-1"
    >
      <Label
        translate={props.mono ? 'no' : 'yes'}
        className={cx('leading-[15px]', props.mono && 'font-mono text-12')}
      >
        {label}
      </Label>
      <div
        className={cx(
          'flex h-10 min-w-0 items-center rounded-4 border bg-surface focus-within:border-focus focus-within:ring-1 focus-within:ring-focus narrow:h-8',
          error
            ? 'border-bad ring-1 ring-bad'
            : props.changed
              ? 'border-heat-line ring-1 ring-heat-line'
              : 'border-control',
        )}
      >
        {negatable && (
          <button
            type="button"
            aria-pressed={not}
            aria-label={t('form.not', { label })}
            title={t('form.not', { label })}
            onClick={() => onChange(not ? bare : `! ${bare}`)}
            className={cx(
              'ml-0.5 grid size-7 flex-none cursor-pointer place-items-center rounded-[3px] font-mono text-12',
              not ? 'bg-ink font-semibold text-on-ink' : 'text-fg-3 hover:bg-hover',
            )}
          >
            <span aria-hidden="true">!</span>
          </button>
        )}
        <Input
          {...(placeholder ? { placeholder } : {})}
          className={cx(
            'h-full min-w-0 flex-1 bg-transparent pr-2 font-mono outline-none placeholder:font-sans',
            !negatable && 'pl-2.5',
          )}
        />
        {action}
      </div>
      {hint && !error && (
        <Text slot="description" className="col-start-2 text-11 text-fg-3">
          {hint}
        </Text>
      )}
      <FieldError className="col-start-2 flex items-start gap-1 text-11 text-bad" data-testid="field-error">
        <Icon name="lost" size={11} className="mt-[3px]" />
        <span>{error}</span>
      </FieldError>
    </AriaTextField>
  );
}
