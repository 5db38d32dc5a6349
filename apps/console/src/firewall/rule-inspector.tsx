import { commandOf } from '@moru/netfilter';
import type { FirewallChain, Instance, TableName } from '@moru/types';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useReason } from '../instances/use-instance-actions.ts';
import { Button } from '../ui/button.tsx';
import { CommandLine } from './command-line.tsx';
import { Panel } from './panel.tsx';
import type { RuleRow } from './rule-set.ts';
import { ruleSentence } from './rule-words.ts';
import { TargetName, targetName } from './target.tsx';

interface RuleInspectorProps {
  instance: Instance;
  table: TableName;
  chain: FirewallChain;
  row: RuleRow;
  onDelete: () => void;
  onClose: () => void;
}

/** One rule: sentence, command, counters. */
export function RuleInspector({ instance, table, chain, row, onDelete, onClose }: RuleInspectorProps) {
  const { t } = useTranslation();
  const reason = useReason();
  const { rule } = row;
  const command = commandOf({ type: 'append', table, chain: chain.name, rule });
  return (
    <Panel
      title={t('rules.ruleNumber', { number: row.number })}
      label={t('rules.details')}
      testId="rule-inspector"
      note={
        <span translate="no" className="text-12 text-fg-3">
          {chain.name}
        </span>
      }
      onClose={onClose}
      footer={
        <div className="flex justify-end">
          <Button
            icon="trash"
            reasonAt="above-end"
            reason={
              chain.owner === 'foreign' ? t('rules.foreignReason') : reason('firewall.change', instance)
            }
            onPress={onDelete}
          >
            {t('rules.delete')}
          </Button>
        </div>
      }
    >
      <p className="text-14 leading-[1.45] font-semibold">{ruleSentence(t, rule, table, chain.name)}</p>
      <div className="rounded-4 border border-line bg-canvas px-3 py-2">
        <CommandLine command={command} />
      </div>
      <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
        <Line label={t('rules.target')}>
          <TargetName name={targetName(rule)} />
        </Line>
        <Line label={t('rules.packets')}>
          <span className="tabular-nums">{rule.packets.toLocaleString('en')}</span>
        </Line>
        <Line label={t('rules.bytes')}>
          <span className="tabular-nums">{rule.bytes.toLocaleString('en')}</span>
        </Line>
      </dl>
      {rule.packets === 0n && <p className="text-12 text-fg-3">{t('rules.neverHit')}</p>}
    </Panel>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-fg-3">{label}</dt>
      <dd className="text-right">{children}</dd>
    </>
  );
}
