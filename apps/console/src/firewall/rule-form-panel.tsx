import { printRule } from '@moru/netfilter';
import type { FirewallState, Instance, TableName } from '@moru/types';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { RequestError } from '../http/request-error.ts';
import { Button } from '../ui/button.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { Form } from '../ui/form.tsx';
import { showToast } from '../ui/toast.ts';
import { CaseButtons } from './case-buttons.tsx';
import { useFieldWords } from './field-words.ts';
import { changeRules, family, firewallQuery } from './firewall-queries.ts';
import type { GuideCase } from './guide-cases.ts';
import { Caution } from './guide-notes.tsx';
import { Panel } from './panel.tsx';
import { RuleFormFields } from './rule-form-fields.tsx';
import {
  check,
  fieldOfServerError,
  initialValues,
  type RuleFormField,
  type RuleFormValues,
} from './rule-form-values.ts';
import { RulePreview } from './rule-preview.tsx';
import { chainOf } from './rule-set.ts';

interface RuleFormPanelProps {
  instance: Instance;
  state: FirewallState;
  table: TableName;
  chain: string;
  guideCase: GuideCase | null;
  onClose: () => void;
}

const formId = 'rule-form';

/** 「Rule 생성」. What is added stands on the host at once: there is no draft and no trial yet, and it says so. */
export function RuleFormPanel({
  instance,
  state,
  table,
  chain,
  guideCase: first,
  onClose,
}: RuleFormPanelProps) {
  const { t } = useTranslation();
  const [guideCase, setGuideCase] = useState(first);
  const words = useFieldWords();
  const chains = state.tables.find(({ name }) => name === table)?.chains ?? [];
  const place = { table, chains: chains.map(({ name }) => name) };
  const form = useForm<RuleFormValues>({
    mode: 'onTouched',
    defaultValues: initialValues(chain, guideCase),
    resolver: (values) => {
      const { errors } = check(values, place);
      const wrong: [string, { type: string; message: string }][] = Object.entries(errors).map(
        ([name, { code, params }]) => [name, { type: code, message: words(code, params) }],
      );
      if (guideCase?.needsDestination && values.destination.trim() === '') {
        wrong.push(['destination', { type: 'required', message: t('cases.needsAddress') }]);
      }
      return wrong.length === 0 ? { values, errors: {} } : { values: {}, errors: Object.fromEntries(wrong) };
    },
  });
  const values = useWatch({ control: form.control }) as RuleFormValues;
  const checked = check(values, place);
  const append = useAppend(instance, state, table, onClose, (field, message) =>
    form.setError(field, { type: 'server', message }),
  );
  const failure = unplaced(append.error);
  const shownChain = chainOf(state, table, values.chain);
  return (
    <Panel
      title={t('form.title')}
      label={t('form.label')}
      testId="rule-form"
      note={
        <span translate="no" className="text-12 text-fg-3">
          {values.chain}
        </span>
      }
      onClose={onClose}
      footer={
        <div className="grid gap-2">
          {failure ? (
            <FailureNotice error={failure} />
          ) : (
            <p className="text-12 text-fg-2">{t('form.atOnce')}</p>
          )}
          <div className="flex justify-end gap-2">
            <Button look="quiet" onPress={onClose}>
              {t('common.cancel')}
            </Button>
            <Button look="heat" type="submit" form={formId} isPending={append.isPending}>
              {t('form.submit')}
            </Button>
          </div>
        </div>
      }
    >
      <CaseButtons
        instance={instance}
        onCase={(chosen) => {
          setGuideCase(chosen);
          form.reset(initialValues(chain, chosen));
        }}
      />
      <Form
        id={formId}
        className="grid gap-2"
        onSubmit={form.handleSubmit((filled) => {
          const { rule } = check(filled, place);
          if (rule) append.mutate({ chain: filled.chain, rule: printRule(rule) });
        })}
      >
        <RuleFormFields
          // a case begins the form anew
          key={guideCase?.id ?? 0}
          control={form.control}
          chains={chains.filter(({ owner }) => owner === 'moru').map(({ name }) => name)}
          destinationHint={
            guideCase?.needsDestination
              ? t('cases.addressHint', { address: instance.networkInterfaces[0]?.privateIp ?? '' })
              : null
          }
          focusDestination={guideCase?.needsDestination ?? false}
        />
      </Form>
      {shownChain && <RulePreview state={state} table={table} chain={shownChain} checked={checked} />}
      <details className="text-12 text-fg-2">
        <summary className="cursor-pointer font-semibold text-warn">{t('form.caution')}</summary>
        <div className="pt-1.5">
          <Caution />
        </div>
      </details>
    </Panel>
  );
}

/** What no field can say: a failure that names fields of the form is shown at them and nowhere else. */
function unplaced(error: unknown): unknown {
  const placed = error instanceof RequestError && error.fields.some((field) => fieldOfServerError(field));
  return placed ? null : error;
}

function useAppend(
  instance: Instance,
  state: FirewallState,
  table: TableName,
  onDone: () => void,
  onFieldError: (field: RuleFormField, message: string) => void,
) {
  const { t } = useTranslation();
  const words = useFieldWords();
  const queries = useQueryClient();
  const { queryKey } = firewallQuery(instance.id);
  return useMutation({
    mutationFn: ({ chain, rule }: { chain: string; rule: string }) =>
      changeRules(instance.id, { type: 'append', family, revision: state.revision, table, chain, rule }),
    onSuccess: (next, { chain, rule }) => {
      queries.setQueryData(queryKey, next);
      void queries.invalidateQueries({ queryKey: ['instances'] });
      showToast({ title: t('form.added'), code: `${chain} ${rule}` });
      onDone();
    },
    onError: (error) => {
      // the rules beside the form are read anew; what was typed stays
      void queries.invalidateQueries({ queryKey });
      if (!(error instanceof RequestError)) return;
      for (const wrong of error.fields) {
        const field = fieldOfServerError(wrong);
        if (field) onFieldError(field, words(wrong.code, wrong.params));
      }
    },
  });
}
