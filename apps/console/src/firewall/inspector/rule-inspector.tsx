import { commandOf } from '@moru/netfilter';
import type { TableName } from '@moru/types';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { CommandLine } from '../../ui/command-line.tsx';
import type { Line } from '../drafts/lines.ts';
import { useEditor } from '../editor.tsx';
import { Panel } from '../panel.tsx';
import type { Counted } from '../rules/counters.ts';
import { DraftMark } from '../rules/draft-mark.tsx';
import { TargetName, targetName } from '../rules/target.tsx';
import { ruleSentence } from '../words/rule-words.ts';

interface RuleInspectorProps {
  table: TableName;
  chain: string;
  family: 'ipv4' | 'ipv6';
  line: Line;
  counted: Counted | null;
  /** the earlier rule that takes all its packets */
  shadow: number | null;
  /** the chain is another program's */
  foreign: boolean;
  /** why it cannot be edited */
  reason: string | null;
  /** why its counters cannot be set to zero */
  zeroReason: string | null;
  onZero: () => void;
  onEdit: () => void;
  onDelete: () => void;
  onRestore: () => void;
  onClose: () => void;
}

/** One rule: sentence, command, counters, and what the draft does to it. */
export function RuleInspector(props: RuleInspectorProps) {
  const { table, chain, family, line, counted, shadow, reason } = props;
  const { t } = useTranslation();
  const { dialect } = useEditor();
  const { rule, off } = line.entry;
  const number = line.to ?? line.from;
  const program = family === 'ipv6' ? 'ip6tables' : 'iptables';
  const deleted = line.mark === 'deleted';
  return (
    <Panel
      title={number === null ? t('rules.title') : t('rules.ruleNumber', { number })}
      label={t('rules.details')}
      testId="rule-inspector"
      note={
        <>
          <span translate="no" className="text-12 text-fg-3">
            {chain}
          </span>
          {line.mark && <DraftMark mark={line.mark} />}
        </>
      }
      onClose={props.onClose}
      footer={
        <div className="flex justify-end gap-2">
          {deleted ? (
            <Button icon="undo" reasonAt="above-end" reason={reason} onPress={props.onRestore}>
              {t('rowMenu.keep')}
            </Button>
          ) : (
            <>
              <Button icon="trash" reasonAt="above-end" reason={reason} onPress={props.onDelete}>
                {t('rules.delete')}
              </Button>
              <Button icon="edit" reasonAt="above-end" reason={reason} onPress={props.onEdit}>
                {t('rules.edit')}
              </Button>
            </>
          )}
        </div>
      }
    >
      <p className="text-14 leading-[1.45] font-semibold">{ruleSentence(t, rule, table, chain)}</p>
      <div className="rounded-4 border border-line bg-canvas px-3 py-2">
        <CommandLine command={commandOf({ type: 'append', table, chain, rule }, program, dialect)} />
      </div>
      <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
        <Fact label={t('rules.target')}>
          <TargetName name={targetName(rule)} />
        </Fact>
        {counted && (
          <>
            <Fact label={t('rules.packets')}>
              <span className="tabular-nums">{BigInt(counted.exact).toLocaleString('en')}</span>
            </Fact>
            <Fact label={t('rules.bytes')}>
              <span className="tabular-nums">{BigInt(counted.bytes).toLocaleString('en')}</span>
            </Fact>
          </>
        )}
      </dl>
      {counted && (
        <div className="flex justify-end">
          <Button
            size="xs"
            look="quiet"
            icon="undo"
            reasonAt="below-end"
            reason={props.foreign ? t('zero.foreign', { chain }) : props.zeroReason}
            onPress={props.onZero}
          >
            {t('zero.action')}
          </Button>
        </div>
      )}
      {counted?.exact === '0' && <p className="text-12 text-fg-3">{t('rules.neverHit')}</p>}
      {shadow !== null && <p className="text-12 text-fg-2">{t('grid.shadowedText', { number: shadow })}</p>}
      {off && <p className="text-12 text-fg-2">{t('grid.offText')}</p>}
      {line.mark === 'edited' && line.before && (
        <>
          <p className="mt-2 text-12 text-fg-3">{t('grid.before')}</p>
          <p className="text-fg-2">{ruleSentence(t, line.before.rule, table, chain)}</p>
        </>
      )}
    </Panel>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-fg-3">{label}</dt>
      <dd className="text-right">{children}</dd>
    </>
  );
}
