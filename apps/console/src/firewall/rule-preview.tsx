import { commandOf, exposure, printRule, type Rule } from '@moru/netfilter';
import type { FirewallChain, FirewallState, TableName } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { Icon } from '../ui/icon.tsx';
import { CommandLine } from './command-line.tsx';
import { useFieldWords } from './field-words.ts';
import type { Checked } from './rule-form-values.ts';
import { ruleSetOf } from './rule-set.ts';
import { ruleSentence } from './rule-words.ts';

interface RulePreviewProps {
  state: FirewallState;
  table: TableName;
  chain: FirewallChain;
  checked: Checked;
}

/** What the form says so far, as a sentence and as the command; and what speaks against it. */
export function RulePreview({ state, table, chain, checked }: RulePreviewProps) {
  const { t } = useTranslation();
  const words = useFieldWords();
  const { rule, whole, warnings } = checked;
  return (
    <section
      aria-label={t('form.preview')}
      data-testid="rule-preview"
      className="rounded-4 border border-line bg-canvas px-3 py-[9px]"
    >
      {rule ? (
        <>
          <p className="leading-[1.45] font-semibold">{ruleSentence(t, rule, table, chain.name)}</p>
          <div className="mt-1">
            <CommandLine command={commandOf({ type: 'append', table, chain: chain.name, rule })} />
          </div>
        </>
      ) : (
        <p className="text-fg-3">{whole ? words(whole.code, whole.params) : t('form.incomplete')}</p>
      )}
      <div aria-live="polite" className="grid gap-1 text-12 not-empty:mt-2">
        {rule && <Notes state={state} table={table} chain={chain} rule={rule} />}
        {warnings.map(({ field, code, params }) => (
          <Note key={`${field} ${code}`}>{words(code, params)}</Note>
        ))}
      </div>
    </section>
  );
}

function Note({ children }: { children: string }) {
  return (
    <p className="flex items-start gap-1.5">
      <Icon name="unknown" size={12} className="mt-[3px] text-warn" />
      <span>{children}</span>
    </p>
  );
}

function Notes({ state, table, chain, rule }: Omit<RulePreviewProps, 'checked'> & { rule: Rule }) {
  const { t } = useTranslation();
  const set = ruleSetOf(state);
  const rules =
    set.tables.find(({ name }) => name === table)?.chains.find(({ name }) => name === chain.name)?.rules ??
    [];
  const text = printRule(rule);
  const same = rules.findIndex((other) => printRule(other) === text);
  const inInput = table === 'filter' && chain.name === 'INPUT';
  const { open } = exposure(set, { otherRules: state.otherBackend });
  const changesNothing = inInput && rule.target?.name === 'ACCEPT' && open === true;
  return (
    <>
      {same >= 0 && <Note>{t('form.duplicate', { number: same + 1 })}</Note>}
      {changesNothing && <Note>{t('form.changesNothing')}</Note>}
    </>
  );
}
