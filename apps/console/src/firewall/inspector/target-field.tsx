import { type RuleInput, rejectAnswers, targetForms, usualRejectAnswer } from '@moru/netfilter';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icon.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { TargetName } from '../rules/target.tsx';
import { OptionFields } from './option-fields.tsx';

interface TargetFieldProps {
  input: RuleInput;
  onChange: (input: RuleInput) => void;
  error: (field: string) => string | undefined;
  /** chains that the rule may lead to */
  targets: readonly string[];
  family: 'ipv4' | 'ipv6';
}

const common = ['ACCEPT', 'DROP', 'REJECT'];
const other = 'other';
const none = 'none';

const forms = targetForms();

/** What happens to a packet: the guide's three targets in sight, every other one behind the fourth. */
export function TargetField({ input, onChange, error, targets, family }: TargetFieldProps) {
  const { t, i18n } = useTranslation();
  const target = input.fields.target ?? '';
  const isCommon = common.includes(target);
  const choose = (name: string, goto = false) => {
    const fields = { ...input.fields };
    if (name === none) delete fields.target;
    else fields.target = name;
    const kept = name === target ? input.targetOptions : [];
    onChange({ ...input, fields, goto, targetOptions: kept, targetText: '' });
  };
  const form = forms.find(({ name }) => name === target);
  const describe = (name: string) => {
    const key = `targetWords.${name}`;
    return i18n.exists(key) ? `${name} · ${t(key as 'targetWords.LOG')}` : name;
  };
  const others = ['RETURN', ...forms.map(({ name }) => name).filter((name) => name !== 'REJECT')];
  return (
    <>
      <Segmented
        label={t('form.target')}
        value={isCommon ? target : other}
        onChange={(id) => choose(id === other ? 'RETURN' : id)}
        options={[
          ...common.map((id) => ({ id, label: <TargetChoice name={id} /> })),
          { id: other, label: <Other label={t('form.otherTarget')} /> },
        ]}
      />
      {!isCommon && (
        <Select
          beside
          label={t('form.otherTarget')}
          options={[
            { id: none, label: t('form.noTarget') },
            ...targets.flatMap((chain) => [
              { id: `-j ${chain}`, label: t('form.jump', { chain }) },
              { id: `-g ${chain}`, label: t('form.goto', { chain }) },
            ]),
            ...others.map((name) => ({ id: name, label: describe(name) })),
          ]}
          value={
            target === '' ? none : targets.includes(target) ? `${input.goto ? '-g' : '-j'} ${target}` : target
          }
          onChange={(id) => {
            const led = /^-([jg]) (.+)$/.exec(id);
            choose(led?.[2] ?? id, led?.[1] === 'g');
          }}
          error={error('target')}
        />
      )}
      {isCommon && target !== 'REJECT' && <FieldProblem text={error('target')} />}
      {target === 'REJECT' ? (
        <Select
          beside
          label={t('form.rejectWith')}
          options={rejectAnswers(family).map((id) => ({ id, label: id }))}
          value={input.targetOptions[0]?.value ?? usualRejectAnswer(family)}
          onChange={(value) =>
            onChange({ ...input, targetOptions: [{ option: '--reject-with', not: false, value }] })
          }
          error={error('target --reject-with') ?? error('target')}
        />
      ) : (
        form &&
        form.options.length > 0 && (
          <OptionFields
            form={form}
            options={input.targetOptions}
            onChange={(targetOptions) => onChange({ ...input, targetOptions })}
            error={(option) => error(`target ${option}`)}
          />
        )
      )}
    </>
  );
}

export function FieldProblem({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <p data-testid="field-error" className="text-11 text-bad">
      {text}
    </p>
  );
}

function Other({ label }: { label: string }) {
  return (
    <>
      <Icon name="more" />
      <span className="sr-only">{label}</span>
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
