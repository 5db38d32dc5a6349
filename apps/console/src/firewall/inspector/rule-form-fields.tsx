import type { RuleFields, RuleInput } from '@moru/netfilter';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import type { FormCommand, FormValues } from './form-state.ts';
import { FurtherConditions } from './further-conditions.tsx';
import { MyAddress } from './my-address.tsx';
import { NegatableField } from './negatable-field.tsx';
import { TargetField } from './target-field.tsx';

export interface RuleFormFieldsProps {
  values: FormValues;
  onChange: (values: FormValues) => void;
  /** words for what is wrong, by field */
  error: (field: string) => string | undefined;
  /** how often the form was refused */
  refused: number;
  /** the rule as the host has it, where the form edits one */
  before: RuleInput | null;
  commands: readonly FormCommand[];
  /** chains that a rule may stand in */
  chains: readonly string[];
  /** chains that it may lead to */
  targets: readonly string[];
  family: 'ipv4' | 'ipv6';
  /** the chosen case waits for an address here */
  needsDestination: ReactNode;
}

// React Aria's keys are never empty text
const any = 'any';
const protocols = ['tcp', 'udp', 'icmp', 'icmpv6', 'sctp', 'gre', 'esp', 'ah'];
const options: Record<FormCommand, string> = { append: '-A', insert: '-I', replace: '-R' };

/** In the order of the guide's last table: command, chain, source, destination, protocol, port, target. */
export function RuleFormFields(props: RuleFormFieldsProps) {
  const { values, onChange, error, before, family } = props;
  const { t } = useTranslation();
  const { input, command, chain } = values;
  const { fields } = input;
  const setInput = (next: RuleInput) => onChange({ ...values, input: next });
  const set = (name: keyof RuleFields) => (value: string) =>
    setInput({ ...input, fields: { ...fields, [name]: value } });
  const changed = (name: 'source' | 'destination' | 'destinationPort') =>
    before !== null && (before.fields[name] ?? '') !== (fields[name] ?? '').trim();
  const shownProtocols = protocols.filter((name) =>
    family === 'ipv4' ? name !== 'icmpv6' : name !== 'icmp',
  );
  const protocol = fields.protocol || any;
  const isListed = protocol === any || shownProtocols.includes(protocol);
  return (
    <>
      <Select
        beside
        label={t('form.command')}
        options={props.commands.map((id) => ({ id, label: `${options[id]} ${t(`form.${id}`)}` }))}
        value={command}
        onChange={(id) => onChange({ ...values, command: id as FormCommand })}
      />
      {command === 'insert' && (
        <TextField
          beside
          label={t('form.position')}
          value={values.position}
          onChange={(position) => onChange({ ...values, position })}
          error={error('position')}
          inputMode="numeric"
        />
      )}
      <Select
        beside
        label={t('form.chain')}
        options={props.chains.map((id) => ({ id, label: id }))}
        value={chain}
        onChange={(id) => onChange({ ...values, chain: id })}
        error={error('chain')}
      />
      <NegatableField
        label={t('form.source')}
        value={fields.source ?? ''}
        onChange={set('source')}
        placeholder={t('form.anyAddress')}
        error={error('source')}
        changed={changed('source')}
        action={<MyAddress onAddress={set('source')} />}
      />
      <NegatableField
        label={t('form.destination')}
        value={fields.destination ?? ''}
        onChange={set('destination')}
        placeholder={t('form.anyAddress')}
        error={error('destination')}
        changed={changed('destination')}
        hint={props.needsDestination}
        autoFocus={Boolean(props.needsDestination)}
      />
      <Select
        beside
        label={t('form.protocol')}
        options={[
          { id: any, label: t('rules.all') },
          ...shownProtocols.map((id) => ({ id, label: id })),
          ...(isListed ? [] : [{ id: protocol, label: protocol }]),
        ]}
        value={protocol}
        onChange={(id) => set('protocol')(id === any ? '' : id)}
        error={error('protocol')}
      />
      <NegatableField
        label={t('form.destinationPort')}
        value={fields.destinationPort ?? ''}
        onChange={set('destinationPort')}
        placeholder={t('form.anyPort')}
        error={error('destinationPort')}
        changed={changed('destinationPort')}
      />
      <TargetField input={input} onChange={setInput} error={error} targets={props.targets} family={family} />
      <FurtherConditions
        input={input}
        onChange={setInput}
        error={error}
        refused={props.refused}
        family={family}
      />
    </>
  );
}
