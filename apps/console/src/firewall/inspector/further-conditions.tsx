import {
  connectionStates,
  type MatchInput,
  matchForms,
  type RuleFields,
  type RuleInput,
} from '@moru/netfilter';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { cx } from '../../ui/cx.ts';
import { Icon } from '../../ui/icon.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { NegatableField } from './negatable-field.tsx';
import { OptionFields } from './option-fields.tsx';
import { FieldProblem } from './target-field.tsx';

interface FurtherConditionsProps {
  input: RuleInput;
  onChange: (input: RuleInput) => void;
  error: (field: string) => string | undefined;
  /** how often the form was refused */
  refused: number;
  family: 'ipv4' | 'ipv6';
}

// those that the fields themselves hold
const inFields = ['comment', 'udp'];
const ofOtherFamily = {
  ipv4: ['icmp6', 'hl', 'frag', 'rt', 'hbh', 'dst', 'ipv6header', 'eui64', 'mh', 'srh'],
  ipv6: ['icmp', 'ttl', 'realm'],
};

const forms = matchForms();

/** Folded while none of them is used: most rules need none. */
export function FurtherConditions({ input, onChange, error, refused, family }: FurtherConditionsProps) {
  const { t } = useTranslation();
  const summary = summaryOf(input);
  const [open, setOpen] = useState(summary.length > 0);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // what is wrong must not hide
    if (refused > 0 && box.current?.querySelector('[aria-invalid="true"], [data-invalid]')) setOpen(true);
  }, [refused]);
  const { fields } = input;
  const set = (name: keyof RuleFields, value: string | string[]) =>
    onChange({ ...input, fields: { ...fields, [name]: value } });
  const text = (name: 'inInterface' | 'outInterface' | 'sourcePort', placeholder: string) => (
    <NegatableField
      label={t(`form.${name}`)}
      value={fields[name] ?? ''}
      onChange={(value) => set(name, value)}
      placeholder={placeholder}
      error={error(name)}
    />
  );
  return (
    <>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex min-h-8 cursor-pointer items-center gap-1.5 border-y border-line py-1 text-left"
      >
        <Icon name="chevronRight" size={12} className={cx(open && 'rotate-90')} />
        {t('form.more')}
        {summary.length > 0 && <span className="tabular-nums">{summary.length}</span>}
        <span translate="no" className="ml-auto truncate pl-2 text-12 text-fg-3">
          {summary.join(', ')}
        </span>
      </button>
      {/* kept in the page, so that an error in it is never out of reach */}
      <div ref={box} className={cx('grid gap-2', !open && 'hidden')} data-testid="further-conditions">
        {text('inInterface', t('form.anyInterface'))}
        {text('outInterface', t('form.anyInterface'))}
        {text('sourcePort', t('form.anyPort'))}
        <States states={fields.states ?? []} onChange={(states) => set('states', states)} />
        <TextField
          beside
          label={t('form.comment')}
          value={fields.comment ?? ''}
          onChange={(value) => set('comment', value)}
          error={error('comment')}
          autoComplete="off"
        />
        {family === 'ipv4' && (
          <Select
            beside
            label={t('form.fragment')}
            options={(['any', 'later', 'first'] as const).map((id) => ({
              id,
              label: t(`form.fragments.${id}`),
            }))}
            value={input.fragment ?? 'any'}
            onChange={(id) =>
              onChange({ ...input, fragment: id === 'any' ? null : (id as 'later' | 'first') })
            }
          />
        )}
        <FieldProblem text={error('match')} />
        {input.matches.map((match) => (
          <Match
            key={match.key}
            match={match}
            error={error}
            onChange={(next) =>
              onChange({
                ...input,
                matches: next
                  ? input.matches.map((each) => (each.key === match.key ? next : each))
                  : input.matches.filter((each) => each.key !== match.key),
              })
            }
          />
        ))}
        <AddMatch
          family={family}
          onAdd={(name) => onChange({ ...input, matches: [...input.matches, newMatch(input, name)] })}
        />
      </div>
    </>
  );
}

function newMatch({ matches, order }: RuleInput, name: string): MatchInput {
  // flags and options of TCP stand in one match with the ports
  if (name === 'tcp' && !matches.some(({ key }) => key === 'ports'))
    return { key: 'ports', name, options: [] };
  let number = 1;
  while (order.includes(`${name} ${number}`) || matches.some(({ key }) => key === `${name} ${number}`))
    number += 1;
  return { key: `${name} ${number}`, name, options: [] };
}

/** What is used of them, in the words of the tool. */
function summaryOf({ fields, matches, fragment }: RuleInput): string[] {
  const of = (name: string, value: string | undefined) => (value ? [`${name} ${value}`] : []);
  return [
    ...of('in', fields.inInterface),
    ...of('out', fields.outInterface),
    ...of('sport', fields.sourcePort),
    ...of('state', fields.states?.join(',')),
    ...(fields.comment ? ['comment'] : []),
    ...(fragment ? ['fragment'] : []),
    ...matches.map(({ name, options }) => `${name} ${options[0]?.value ?? ''}`.trim()),
  ];
}

interface MatchProps {
  match: MatchInput;
  /** null takes it away */
  onChange: (match: MatchInput | null) => void;
  error: (field: string) => string | undefined;
}

function Match({ match, onChange, error }: MatchProps) {
  const { t, i18n } = useTranslation();
  const { key, name, options, text } = match;
  const shape = forms.find((form) => form.name === name);
  const own =
    key === 'ports'
      ? shape?.options.filter(({ option }) => option !== '--sport' && option !== '--dport')
      : shape?.options;
  const words = `matchWords.${name}`;
  return (
    <fieldset className="grid gap-2 rounded-4 border border-line px-2.5 pt-1 pb-2.5">
      <legend className="sr-only">{name}</legend>
      <div className="flex items-center gap-2">
        <span translate="no" className="font-mono text-12 font-semibold">
          -m {name}
        </span>
        <span className="truncate text-12 text-fg-3">
          {i18n.exists(words) ? t(words as 'matchWords.limit') : ''}
        </span>
        <span className="flex-1" />
        <Button
          look="quiet"
          size="xs"
          icon="close"
          aria-label={t('form.removeCondition', { name })}
          onPress={() => onChange(null)}
        />
      </div>
      {own ? (
        <OptionFields
          form={{ options: own }}
          options={options}
          onChange={(next) => onChange({ ...match, options: next })}
          error={(option) => error(`matches.${key} ${option}`)}
        />
      ) : (
        <TextField
          beside
          mono
          label={t('form.asWritten')}
          value={text ?? ''}
          onChange={(next) => onChange({ ...match, text: next })}
        />
      )}
      <FieldProblem text={error(`matches.${key}`)} />
    </fieldset>
  );
}

function AddMatch({ family, onAdd }: { family: 'ipv4' | 'ipv6'; onAdd: (name: string) => void }) {
  const { t, i18n } = useTranslation();
  const left = forms.filter(({ name }) => !inFields.includes(name) && !ofOtherFamily[family].includes(name));
  return (
    <Select
      beside
      label={t('form.addCondition')}
      placeholder={t('form.chooseCondition')}
      options={left.map(({ name }) => {
        const key = `matchWords.${name}`;
        return { id: name, label: i18n.exists(key) ? `${name} · ${t(key as 'matchWords.limit')}` : name };
      })}
      value={null}
      onChange={onAdd}
    />
  );
}

function States({ states, onChange }: { states: readonly string[]; onChange: (states: string[]) => void }) {
  const { t } = useTranslation();
  const not = states[0]?.startsWith('!') ?? false;
  const bare = states.map((state) => state.replace(/^! ?/, ''));
  const set = (chosen: readonly string[], turned: boolean) =>
    onChange(
      connectionStates
        .filter((state) => chosen.includes(state))
        .map((state, index) => (turned && index === 0 ? `! ${state}` : state)),
    );
  return (
    <fieldset className="grid grid-cols-[92px_minmax(0,1fr)] items-start gap-2">
      <legend className="contents">
        <span className="leading-[15px]">{t('form.states')}</span>
      </legend>
      <div className="grid gap-1">
        {connectionStates.map((state) => (
          <Checkbox
            key={state}
            isSelected={bare.includes(state)}
            onChange={(on) => set(on ? [...bare, state] : bare.filter((other) => other !== state), not)}
          >
            <span translate="no" className="font-mono text-12">
              {state}
            </span>
          </Checkbox>
        ))}
        {bare.length > 0 && (
          <Checkbox isSelected={not} onChange={(on) => set(bare, on)}>
            {t('form.turnedRound')}
          </Checkbox>
        )}
      </div>
    </fieldset>
  );
}
