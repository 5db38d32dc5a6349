import { printSave } from '@moru/netfilter';
import type { Instance } from '@moru/types';
import { useParams } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReason } from '../../instances/use-instance-actions.ts';
import { Banner } from '../../ui/banner.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { ruleSetOf } from '../drafts/draft-rules.ts';
import { useEditor } from '../editor.tsx';
import { MyAddress } from '../inspector/my-address.tsx';
import { NegatableField } from '../inspector/negatable-field.tsx';
import { ViewRow } from '../view-row.tsx';
import { useFieldWords } from '../words/field-words.ts';
import { createAsker } from '../worker/asker.ts';
import type { DescribedPacket, PacketAnswer, PacketQuestion } from './judge.ts';
import { PacketResult } from './packet-result.tsx';

const askForPacket = createAsker('packet');

// a stranger's address (RFC 5737): without one, every rule that asks for a source leaves it open
const exampleSource = '203.0.113.7';

const paths = ['input', 'forward', 'output'] as const;
const protocols = ['tcp', 'udp', 'icmp', 'unknown'] as const;
const states = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED', 'unknown'] as const;

/** 패킷 테스트: a packet in words, and its way through the rules that run or through the draft. */
export function PacketView() {
  const { t } = useTranslation();
  const { instanceId } = useParams({ from: '/shell/instances/$instanceId' });
  const { instance, session } = useEditor();
  const { draft, host } = session;
  const hasDraft = draft.steps.length > 0;
  const [chosen, setChosen] = useState<'draft' | 'host'>('draft');
  const on = hasDraft ? chosen : 'host';
  const [example] = useState(() => exampleOf(instance));
  const [described, setPacket] = useState<DescribedPacket | null>(null);
  const packet = described ?? example;
  const rules = on === 'draft' ? draft.rules : draft.base;
  const backend = host.state.iptables.backend === 'nf_tables' ? 'nft' : 'legacy';
  const question = useMemo<PacketQuestion>(
    () => ({ text: printSave(ruleSetOf(rules)), family: rules.family, backend, packet }),
    [rules, backend, packet],
  );
  const [answer, setAnswer] = useState<PacketAnswer | null>(null);
  useEffect(() => askForPacket(question, setAnswer), [question]);
  return (
    <>
      <ViewRow instanceId={instanceId} />
      <div className="grid min-h-0 flex-1 content-start overflow-auto wide:grid-cols-[360px_minmax(0,1fr)] wide:content-stretch wide:overflow-hidden">
        <section
          aria-label={t('packet.describe')}
          data-testid="packet-form"
          className="grid content-start gap-3 border-line bg-surface p-4 max-wide:border-b wide:min-h-0 wide:overflow-auto wide:border-r"
        >
          <p className="text-12 text-fg-2">{t('packet.about')}</p>
          {described === null && (
            <Banner stacked title={t('packet.example')}>
              <span className="text-12" data-testid="packet-example">
                {t('packet.exampleText', { address: exampleSource })}
              </span>
            </Banner>
          )}
          {hasDraft && (
            <Segmented
              label={t('packet.on')}
              value={on}
              onChange={(value) => setChosen(value === 'draft' ? 'draft' : 'host')}
              options={[
                { id: 'draft', label: t('packet.onDraft') },
                { id: 'host', label: t('packet.onHost') },
              ]}
            />
          )}
          <PacketFields packet={packet} errors={answer?.errors ?? null} onPacket={setPacket} />
          <p className="text-12 text-fg-3">{t('packet.emptyFields')}</p>
        </section>
        <PacketResult answer={answer} isExample={described === null} />
      </div>
    </>
  );
}

/** Somebody outside opens SSH: the question of most who come here. */
function exampleOf({ networkInterfaces: [first] }: Instance): DescribedPacket {
  return {
    ...{ path: 'input', source: exampleSource, destination: first?.privateIp ?? '', protocol: 'tcp' },
    ...{ sourcePort: '', destinationPort: '22', inInterface: first?.device ?? '', outInterface: '' },
    state: 'NEW',
  };
}

interface PacketFieldsProps {
  packet: DescribedPacket;
  errors: PacketAnswer['errors'];
  onPacket: (packet: DescribedPacket) => void;
}

function PacketFields({ packet, errors, onPacket }: PacketFieldsProps) {
  const { t } = useTranslation();
  const words = useFieldWords();
  const { instance } = useEditor();
  const mayAsk = useReason()('change.check', instance) === null;
  const set = (change: Partial<DescribedPacket>) => onPacket({ ...packet, ...change });
  const { path, protocol, state } = packet;
  const hasPorts = protocol === 'tcp' || protocol === 'udp';
  const fields = [
    { name: 'source', label: 'Source IP', shown: true },
    { name: 'destination', label: 'Destination IP', shown: true },
    { name: 'sourcePort', label: 'Source Port', shown: hasPorts },
    { name: 'destinationPort', label: 'Port', shown: hasPorts },
    { name: 'inInterface', label: 'in-interface', shown: path !== 'output' },
    { name: 'outInterface', label: 'out-interface', shown: path !== 'input' },
  ] as const;
  const optionsOf = (names: readonly string[]) =>
    names.map((id) => ({ id, label: id === 'unknown' ? t('packet.unknown') : id }));
  return (
    <>
      <Segmented
        label={t('packet.path')}
        value={path}
        onChange={(value) => set({ path: paths.find((each) => each === value) ?? 'input' })}
        options={paths.map((id) => ({ id, label: t(`packet.paths.${id}`) }))}
      />
      <Select
        beside
        label={t('form.protocol')}
        value={protocol}
        options={optionsOf(protocols)}
        onChange={(value) => set({ protocol: protocols.find((each) => each === value) ?? 'unknown' })}
      />
      {fields.map(({ name, label, shown }) => {
        const code = errors?.[name];
        if (name === 'source' && path !== 'output') {
          return (
            <NegatableField
              key={name}
              negatable={false}
              label={label}
              value={packet.source}
              onChange={(source) => set({ source })}
              placeholder={t('packet.unknown')}
              error={code && words(code)}
              action={mayAsk && <MyAddress onAddress={(source) => set({ source })} />}
            />
          );
        }
        return (
          shown && (
            <TextField
              key={name}
              beside
              mono
              label={label}
              value={packet[name]}
              onChange={(value) => set({ [name]: value })}
              placeholder={t('packet.unknown')}
              autoComplete="off"
              spellCheck="false"
              error={code && words(code)}
            />
          )
        );
      })}
      <Select
        beside
        label={t('packet.state')}
        value={state}
        options={optionsOf(states)}
        onChange={(value) => set({ state: states.find((each) => each === value) ?? 'unknown' })}
      />
    </>
  );
}
