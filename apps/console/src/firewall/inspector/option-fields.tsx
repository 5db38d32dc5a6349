import type { ExtensionForm, OptionForm, OptionText } from '@moru/netfilter';
import { useTranslation } from 'react-i18next';
import { Checkbox } from '../../ui/checkbox.tsx';
import { NegatableField } from './negatable-field.tsx';

interface OptionFieldsProps {
  form: Pick<ExtensionForm, 'options'>;
  options: readonly OptionText[];
  onChange: (options: OptionText[]) => void;
  error: (option: string) => string | undefined;
}

/** The options of a match or target by the names that the tool has for them; an empty one is not given. */
export function OptionFields({ form, options, onChange, error }: OptionFieldsProps) {
  const { t } = useTranslation();
  const set = (shape: OptionForm, next: OptionText | null) => {
    // options of one key say the same thing in other words: the new one takes the place of the old one
    const others = options.filter(
      ({ option }) => !form.options.some((each) => each.key === shape.key && each.option === option),
    );
    onChange(next ? [...others, next] : others);
  };
  return (
    <div className="grid gap-2">
      {form.options.map((shape) => {
        const { option, words, optional, negatable, expected } = shape;
        const held = options.find((each) => each.option === option);
        if (words === 0 && !optional) {
          return (
            <FlagOption
              key={option}
              shape={shape}
              held={held}
              onChange={(next) => set(shape, next)}
              error={error(option)}
            />
          );
        }
        return (
          <NegatableField
            key={option}
            mono
            label={option}
            negatable={negatable}
            placeholder={t('form.expected', { grammar: expected })}
            value={held ? `${held.not ? '! ' : ''}${held.value}` : ''}
            onChange={(text) => {
              const not = text.startsWith('!');
              const value = not ? text.slice(1).replace(/^ /, '') : text;
              set(shape, value === '' && !not ? null : { option, not, value });
            }}
            error={error(option)}
          />
        );
      })}
    </div>
  );
}

interface FlagOptionProps {
  shape: OptionForm;
  held: OptionText | undefined;
  onChange: (next: OptionText | null) => void;
  error: string | undefined;
}

/** An option without a value: given, or given with a `!`. */
function FlagOption({ shape: { option, negatable }, held, onChange, error }: FlagOptionProps) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 pl-[100px]">
      <Checkbox
        isSelected={held !== undefined}
        onChange={(on) => onChange(on ? { option, not: false, value: '' } : null)}
      >
        <span translate="no" className="font-mono text-12">
          {option}
        </span>
      </Checkbox>
      {negatable && held && (
        <Checkbox isSelected={held.not} onChange={(not) => onChange({ ...held, not })}>
          {t('form.turnedRound')}
        </Checkbox>
      )}
      {error && <span className="text-11 text-bad">{error}</span>}
    </div>
  );
}
