import { type Control, Controller } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Select, type SelectOption } from '../../ui/select.tsx';
import type { CreateForm } from './create-form.ts';

interface ChoiceProps {
  control: Control<CreateForm>;
  name: keyof CreateForm;
  label: string;
  options: SelectOption[];
}

/** One of what the cloud offers. */
export function Choice({ control, name, label, options }: ChoiceProps) {
  const { t } = useTranslation();
  return (
    <Controller
      control={control}
      name={name}
      render={({ field, fieldState }) => (
        <div className="grid gap-1">
          <span className="text-12 text-fg-2">{label}</span>
          <Select
            label={label}
            options={options}
            value={field.value === '' ? null : field.value}
            placeholder={t('create.choose')}
            onChange={field.onChange}
            error={fieldState.error && t('create.choose')}
          />
        </div>
      )}
    />
  );
}
