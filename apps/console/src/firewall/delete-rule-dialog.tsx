import { commandOf } from '@moru/netfilter';
import type { FirewallChain, FirewallState, TableName } from '@moru/types';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogBody } from '../ui/dialog.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { showToast } from '../ui/toast.ts';
import { CommandLine } from './command-line.tsx';
import { changeRules, family, firewallQuery } from './firewall-queries.ts';
import { numberNow, type RuleRow } from './rule-set.ts';
import { ruleSentence } from './rule-words.ts';
import { TargetName, targetName } from './target.tsx';

interface DeleteRuleDialogProps {
  instanceId: string;
  state: FirewallState;
  table: TableName;
  chain: FirewallChain;
  row: RuleRow;
  onClose: () => void;
}

/** 「Rule 삭제」: the very rule, and the command that it equals. */
export function DeleteRuleDialog({ instanceId, state, table, chain, row, onClose }: DeleteRuleDialogProps) {
  const { t } = useTranslation();
  // it may have moved while the dialog was open
  const number = numberNow(chain.rules, row);
  const remove = useDelete(instanceId, state, onClose);
  const { rule } = row;
  const edit = { type: 'delete', table, chain: chain.name, rule } as const;
  return (
    <Dialog
      title={t('rules.delete')}
      role="alertdialog"
      testId="delete-rule-dialog"
      onClose={onClose}
      note={t('form.atOnce')}
      actions={
        <>
          <Button onPress={onClose} autoFocus>
            {t('common.cancel')}
          </Button>
          <Button
            look="bad"
            reasonAt="above-end"
            reason={number === null ? t('delete.gone') : null}
            isPending={remove.isPending}
            onPress={() =>
              number !== null && remove.mutate({ table, chain: chain.name, number, rule: row.text })
            }
          >
            {t('rules.delete')}
          </Button>
        </>
      }
    >
      <DialogBody>
        <Facts>
          <Fact label={t('form.chain')}>
            <b translate="no">{chain.name}</b>
          </Fact>
          <Fact label={t('rules.num')}>
            <b className="tabular-nums">{number ?? row.number}</b>
          </Fact>
          <Fact label={t('rules.target')}>
            <TargetName name={targetName(rule)} />
          </Fact>
          <Fact label={t('rules.pkts')}>
            <span className="tabular-nums">{row.packets}</span>
          </Fact>
        </Facts>
        <p className="text-14 font-semibold">{ruleSentence(t, rule, table, chain.name)}</p>
        <div className="grid gap-2 rounded-6 border border-line bg-canvas px-3.5 py-2.5">
          <CommandLine command={commandOf({ ...edit, number: number ?? row.number })} />
          <CommandLine command={commandOf(edit)} />
        </div>
        {targetName(rule) === 'sshguard' && (
          <Banner tone="bad" title={t('delete.sshguard')}>
            {t('delete.sshguardText')}
          </Banner>
        )}
        <Banner tone="warn" title={t('disconnect.caution')}>
          {t('delete.caution')}
        </Banner>
        {number === null && !remove.error && <Banner tone="lost" role="alert" title={t('delete.gone')} />}
        {remove.error && <FailureNotice error={remove.error} />}
      </DialogBody>
    </Dialog>
  );
}

function useDelete(instanceId: string, state: FirewallState, onDone: () => void) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { queryKey } = firewallQuery(instanceId);
  return useMutation({
    mutationFn: (which: { table: TableName; chain: string; number: number; rule: string }) =>
      changeRules(instanceId, { type: 'delete', family, revision: state.revision, ...which }),
    onSuccess: (next, { chain, rule }) => {
      queries.setQueryData(queryKey, next);
      void queries.invalidateQueries({ queryKey: ['instances'] });
      showToast({ title: t('delete.done'), code: `${chain} ${rule}` });
      onDone();
    },
    onError: () => void queries.invalidateQueries({ queryKey }),
  });
}
