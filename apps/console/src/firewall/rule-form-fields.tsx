import { connectionStates } from '@moru/netfilter';
import { type ReactNode, useState } from 'react';
import { type Control, Controller, type ControllerRenderProps, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Checkbox } from '../ui/checkbox.tsx';
import { cx } from '../ui/cx.ts';
import { Icon } from '../ui/icon.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import type { RuleFormField, RuleFormValues } from './rule-form-values.ts';
import { TargetName } from './target.tsx';

// React Aria's keys are never empty text
const anyProtocol = 'any';
const protocols = ['tcp', 'udp', 'icmp', 'sctp', 'gre', 'esp', 'ah'];

interface RuleFormFieldsProps {
  control: Control<RuleFormValues>;
  /** chains that a rule may be added to */
  chains: string[];
  destinationHint: ReactNode;
  focusDestination: boolean;
}

/** In the order of the guide's last table: command, chain, source, destination, protocol, port, target. */
export function RuleFormFields({ control, chains, destinationHint, focusDestination }: RuleFormFieldsProps) {
  const { t } = useTranslation();
  const text = (name: TextName, extra: Omit<FormTextProps, 'control' | 'name' | 'label'> = {}) => (
    <FormText control={control} name={name} label={t(`form.${name}`)} {...extra} />
  );
  return (
    <>
      <div className="grid min-h-8 grid-cols-[92px_minmax(0,1fr)] items-center gap-2">
        <span className="leading-[15px]">{t('form.command')}</span>
        <span>
          <code translate="no" className="mr-1.5">
            -A
          </code>
          {t('form.append')}
        </span>
      </div>
      <Controller
        control={control}
        name="chain"
        render={({ field, fieldState }) => (
          <Select
            beside
            label={t('form.chain')}
            options={chains.map((id) => ({ id, label: id }))}
            value={field.value}
            onChange={field.onChange}
            error={fieldState.error?.message}
          />
        )}
      />
      {text('source', { placeholder: t('rules.anyAddress') })}
      {text('destination', {
        placeholder: t('rules.anyAddress'),
        hint: destinationHint,
        autoFocus: focusDestination,
      })}
      <Controller
        control={control}
        name="protocol"
        render={({ field, fieldState }) => (
          <Select
            beside
            label={t('form.protocol')}
            options={[
              { id: anyProtocol, label: t('rules.all') },
              ...protocols.map((id) => ({ id, label: id })),
            ]}
            value={field.value || anyProtocol}
            onChange={(id) => field.onChange(id === anyProtocol ? '' : id)}
            error={fieldState.error?.message}
          />
        )}
      />
      {text('destinationPort', { placeholder: t('form.anyPort') })}
      <Controller
        control={control}
        name="target"
        render={({ field }) => (
          <Segmented
            label={t('form.target')}
            value={field.value}
            onChange={field.onChange}
            options={['ACCEPT', 'DROP', 'REJECT'].map((id) => ({ id, label: <TargetChoice name={id} /> }))}
          />
        )}
      />
      <MoreConditions control={control}>
        {text('inInterface', { placeholder: t('form.anyInterface') })}
        {text('outInterface', { placeholder: t('form.anyInterface') })}
        {text('sourcePort', { placeholder: t('form.anyPort') })}
        <States control={control} />
        {text('comment', { mono: false })}
        <p className="text-11 text-fg-3">{t('form.negation')}</p>
      </MoreConditions>
    </>
  );
}

function TargetChoice({ name }: { name: string }) {
  return (
    <span className="[[data-selected]_&_*]:text-on-ink! [&>span]:gap-1">
      <TargetName name={name} />
    </span>
  );
}

type TextName = Exclude<RuleFormField, 'chain' | 'protocol' | 'target' | 'states'>;

interface FormTextProps {
  control: Control<RuleFormValues>;
  name: TextName;
  label: string;
  placeholder?: string;
  hint?: ReactNode;
  autoFocus?: boolean;
  mono?: boolean;
}

function FormText({ control, name, mono = true, ...rest }: FormTextProps) {
  return (
    <Controller
      control={control}
      name={name}
      render={({ field, fieldState }) => (
        <TextField
          {...rest}
          {...field}
          beside
          mono={mono}
          autoComplete="off"
          spellCheck="false"
          error={fieldState.error?.message}
        />
      )}
    />
  );
}

/** Folded while none of them is used: most rules need none. */
function MoreConditions({ control, children }: { control: Control<RuleFormValues>; children: ReactNode }) {
  const { t } = useTranslation();
  const values = useWatch({
    control,
    name: ['inInterface', 'outInterface', 'sourcePort', 'comment', 'states'],
  });
  const [open, setOpen] = useState(() => values.some((value) => value.length > 0));
  return (
    <>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex h-8 cursor-pointer items-center gap-1.5 border-y border-line text-left"
      >
        <Icon name="chevronRight" size={12} className={cx(open && 'rotate-90')} />
        {t('form.more')}
      </button>
      {/* kept in the page, so that an error in it is never out of reach */}
      <div className={cx('grid gap-2', !open && 'hidden')}>{children}</div>
    </>
  );
}

function States({ control }: { control: Control<RuleFormValues> }) {
  const { t } = useTranslation();
  return (
    <Controller
      control={control}
      name="states"
      render={({ field }) => (
        <fieldset className="grid grid-cols-[92px_minmax(0,1fr)] items-start gap-2">
          <legend className="contents">
            <span className="leading-[15px]">{t('form.states')}</span>
          </legend>
          <div className="grid gap-1">
            {connectionStates.map((state) => (
              <Checkbox
                key={state}
                isSelected={field.value.includes(state)}
                onChange={(on) => field.onChange(toggled(field, state, on))}
              >
                <span translate="no" className="font-mono text-12">
                  {state}
                </span>
              </Checkbox>
            ))}
          </div>
        </fieldset>
      )}
    />
  );
}

function toggled(
  field: ControllerRenderProps<RuleFormValues, 'states'>,
  state: string,
  on: boolean,
): string[] {
  return on ? [...field.value, state] : field.value.filter((other) => other !== state);
}
