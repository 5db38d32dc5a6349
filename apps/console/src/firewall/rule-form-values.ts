import { type Finding, type RuleFields, ruleFromFields, validateFields } from '@moru/netfilter';
import type { FieldError } from '@moru/types';
import type { GuideCase } from './guide-cases.ts';

/** The form as it is typed; empty text means "not tested". */
export interface RuleFormValues extends Required<Omit<RuleFields, 'rejectWith'>> {
  chain: string;
}

export type RuleFormField = keyof RuleFormValues;

export function initialValues(chain: string, guideCase: GuideCase | null): RuleFormValues {
  return {
    protocol: '',
    source: '',
    destination: '',
    sourcePort: '',
    destinationPort: '',
    inInterface: '',
    outInterface: '',
    states: [],
    comment: '',
    target: 'ACCEPT',
    ...guideCase?.fields,
    chain: guideCase ? 'INPUT' : chain,
  };
}

/** What is filled in. */
export function fieldsOf({ chain: _, states, ...texts }: RuleFormValues): RuleFields {
  const filled = Object.entries(texts).filter(([, value]) => value.trim() !== '');
  return { ...Object.fromEntries(filled), ...(states.length > 0 ? { states } : {}) };
}

export interface Checked {
  /** the first error of each field */
  errors: Partial<Record<RuleFormField, Pick<Finding, 'code' | 'params'>>>;
  /** an error that belongs to no field of the form */
  whole: Finding | null;
  warnings: Finding[];
  /** null while anything is wrong */
  rule: ReturnType<typeof ruleFromFields> | null;
}

const formFields: readonly string[] = Object.keys(initialValues('', null));

export function isFormField(name: string): name is RuleFormField {
  return formFields.includes(name);
}

/** Everything that netfilter has against the form as it stands. */
export function check(values: RuleFormValues, place: { table: string; chains: readonly string[] }): Checked {
  const fields = fieldsOf(values);
  const findings = validateFields(fields, { ...place, chain: values.chain });
  const wrong = findings.filter((finding) => finding.severity === 'error');
  const errors: Checked['errors'] = {};
  for (const finding of wrong) {
    if (isFormField(finding.field)) errors[finding.field] ??= finding;
  }
  return {
    errors,
    whole: wrong.find((finding) => !isFormField(finding.field)) ?? null,
    warnings: findings.filter((finding) => finding.severity === 'warning'),
    rule: wrong.length === 0 ? ruleFromFields(fields) : null,
  };
}

/** The form's field that a server's field error is about: the last part of its path, as the form names it. */
export function fieldOfServerError(error: FieldError): RuleFormField | null {
  const name = error.field.split('.').at(-1) ?? '';
  return isFormField(name) ? name : null;
}
