import { emptyInput, type RuleInput } from '@moru/netfilter';
import type { DraftAnchor, TableName } from '@moru/types';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Form } from '../../ui/form.tsx';
import { atNumber } from '../drafts/command-edits.ts';
import { chainOf, onHost, tableOf, textOf } from '../drafts/draft-rules.ts';
import type { PlannedEdit } from '../drafts/step.ts';
import { useEditor } from '../editor.tsx';
import { Panel } from '../panel.tsx';
import { DraftMark } from '../rules/draft-mark.tsx';
import { useFieldWords } from '../words/field-words.ts';
import { CaseButtons } from './case-buttons.tsx';
import { checkForm, type FormValues } from './form-state.ts';
import type { GuideCase } from './guide-cases.ts';
import { RuleFormFields } from './rule-form-fields.tsx';
import { RulePreview } from './rule-preview.tsx';

/** What a form is for: a rule at a place of the chain, or another text for one that is there. */
export type FormTask =
  | { type: 'create'; at: DraftAnchor | null; input: RuleInput; guideCase: GuideCase | null }
  | { type: 'edit'; id: string; number: number | null; before: RuleInput; input: RuleInput };

interface RuleFormPanelProps {
  table: TableName;
  chain: string;
  task: FormTask;
  onDone: () => void;
  onClose: () => void;
}

const formId = 'rule-form';

/** 「Rule 생성」 and 수정: what is filled in becomes a step of the draft; the host does not change. */
export function RuleFormPanel({ table, chain, task, onDone, onClose }: RuleFormPanelProps) {
  const { t } = useTranslation();
  const words = useFieldWords();
  const { session, actions, instance } = useEditor();
  const { rules } = session.draft;
  const [guideCase, setGuideCase] = useState(task.type === 'create' ? task.guideCase : null);
  // how often it was sent with something wrong in it: from then on all of that is marked
  const [refused, setRefused] = useState(0);
  const touched = refused > 0;
  const [values, setValues] = useState<FormValues>(() => initialValues(task, chain, rules, table));
  const chains = tableOf(rules, table)?.chains ?? [];
  const entries = onHost(chainOf(rules, table, values.chain)?.entries ?? []);
  const checked = checkForm(values, {
    table,
    family: rules.family,
    chains: chains.map(({ name }) => name),
    length: entries.length,
  });
  const missing = guideCase?.needsDestination === true && !values.input.fields.destination?.trim();
  const shown = missing ? { ...checked, rule: null } : checked;
  const reason = missing ? t('cases.needsAddress') : shown.rule ? null : t('form.wrong');
  useFocusOnWrong(refused);
  const error = (field: string) => {
    if (field === 'destination' && missing) return touched ? t('cases.needsAddress') : undefined;
    const found = checked.errors.get(field);
    // an empty form is not wrong yet
    return found && (touched || found.code !== 'option.required')
      ? words(found.code, found.params)
      : undefined;
  };
  const submit = () => {
    if (!shown.rule) {
      setRefused((times) => times + 1);
      return;
    }
    actions.add([editOf(task, values, textOf(shown.rule), table, entries)]);
    onDone();
  };
  const editing = task.type === 'edit';
  return (
    <Panel
      title={t(editing ? 'form.editTitle' : 'form.title')}
      label={t(editing ? 'form.editLabel' : 'form.label')}
      testId="rule-form"
      note={
        <>
          <span translate="no" className="text-12 text-fg-3">
            {values.chain}
          </span>
          {editing && task.number !== null && (
            <span className="text-12 text-fg-3">{t('rules.ruleNumber', { number: task.number })}</span>
          )}
          {editing && <DraftMark mark="edited" />}
        </>
      }
      onClose={onClose}
      footer={
        <div className="grid gap-2">
          <RulePreview
            table={table}
            values={values}
            checked={shown}
            editing={editing ? { id: task.id, number: task.number } : null}
          />
          <div className="flex items-center gap-2">
            <p className="min-w-0 flex-1 text-12 text-fg-2">
              {t(editing ? 'form.zeroes' : 'form.draftOnly')}
            </p>
            <Button look="quiet" onPress={onClose}>
              {t('common.cancel')}
            </Button>
            {/* with a reason it still sends the form, which then leads to what is wrong */}
            <Button look="primary" type="submit" form={formId} reason={reason} reasonAt="above-end">
              {t('form.submit')}
            </Button>
          </div>
        </div>
      }
    >
      {!editing && (
        <CaseButtons
          onCase={(chosen) => {
            setGuideCase(chosen);
            setRefused(0);
            setValues({ ...values, chain: 'INPUT', input: emptyInput(chosen.fields) });
          }}
        />
      )}
      <Form
        id={formId}
        className="grid gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <RuleFormFields
          // a case begins the form anew
          key={guideCase?.id ?? 0}
          values={values}
          onChange={setValues}
          error={error}
          refused={refused}
          before={editing ? task.before : null}
          commands={editing ? ['replace'] : ['append', 'insert']}
          chains={editing ? [chain] : chains.filter((each) => !each.foreign).map(({ name }) => name)}
          targets={chains
            .filter(({ name, policy }) => policy === null && name !== values.chain)
            .map(({ name }) => name)}
          family={rules.family}
          needsDestination={
            guideCase?.needsDestination
              ? t('cases.addressHint', { address: instance.networkInterfaces[0]?.privateIp ?? '' })
              : null
          }
        />
      </Form>
    </Panel>
  );
}

/** Each time that the form is refused the focus goes to its first wrong field. */
function useFocusOnWrong(refused: number) {
  useEffect(() => {
    if (refused === 0) return;
    // once what was folded over it is open
    const frame = requestAnimationFrame(() =>
      document
        .getElementById(formId)
        ?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid] [aria-haspopup="listbox"]')
        ?.focus(),
    );
    return () => cancelAnimationFrame(frame);
  }, [refused]);
}

function initialValues(
  task: FormTask,
  chain: string,
  rules: Parameters<typeof chainOf>[0],
  table: TableName,
): FormValues {
  if (task.type === 'edit') return { command: 'replace', chain, position: '', input: task.input };
  if (!task.at) return { command: 'append', chain, position: '1', input: task.input };
  const entries = onHost(chainOf(rules, table, chain)?.entries ?? []);
  const { id, side } = task.at;
  const index = id === null ? -1 : entries.findIndex((entry) => entry.id === id);
  const position = index < 0 ? entries.length + 1 : index + (side === 'before' ? 1 : 2);
  return { command: 'insert', chain, position: String(position), input: task.input };
}

function editOf(
  task: FormTask,
  { command, chain, position }: FormValues,
  text: string,
  table: TableName,
  entries: readonly { id: string }[],
): PlannedEdit {
  const place = { table, chain };
  if (task.type === 'edit') return { ...place, type: 'replace', rule: task.id, text };
  const number = command === 'append' ? entries.length + 1 : Number(position);
  return { ...place, type: 'insert', at: atNumber(entries, number), rules: [{ text }] };
}
