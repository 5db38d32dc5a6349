import { type Advice, commandOf, explainCommand, type Rule } from '@moru/netfilter';
import type { TableName } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { CommandLine } from '../../ui/command-line.tsx';
import { Icon } from '../../ui/icon.tsx';
import { chainOf, onHost, ruleSetOf, textOf } from '../drafts/draft-rules.ts';
import { useEditor } from '../editor.tsx';
import { useAdviceWords } from '../words/advice-words.ts';
import { useFieldWords } from '../words/field-words.ts';
import { ruleSentence } from '../words/rule-words.ts';
import type { Checked, FormValues } from './form-state.ts';

interface RulePreviewProps {
  table: TableName;
  values: FormValues;
  checked: Checked;
  /** the rule that is edited */
  editing: { id: string; number: number | null } | null;
}

/** What the form says so far, as a sentence and as the command; and what speaks against it. */
export function RulePreview({ table, values, checked, editing }: RulePreviewProps) {
  const { t } = useTranslation();
  const words = useFieldWords();
  const adviceWords = useAdviceWords();
  const { dialect, session } = useEditor();
  const { rules } = session.draft;
  const { rule, warnings } = checked;
  const { chain } = values;
  return (
    <section
      aria-label={t('form.preview')}
      data-testid="rule-preview"
      className="max-h-44 overflow-y-auto rounded-4 border border-line bg-canvas px-3 py-[9px]"
    >
      {rule ? (
        <>
          <p className="leading-[1.45] font-semibold">{ruleSentence(t, rule, table, chain)}</p>
          <div className="mt-1">
            <CommandLine command={commandText(values, rule)} />
          </div>
        </>
      ) : (
        <p className="text-fg-3">{t('form.incomplete')}</p>
      )}
      <div aria-live="polite" className="grid gap-1 text-12 not-empty:mt-2">
        {rule &&
          advice(rule).map((each) => (
            <Note key={`${each.code} ${JSON.stringify(each.params)}`}>{adviceWords(each)}</Note>
          ))}
        {warnings
          .filter(({ code }) => code !== 'address.placeholder')
          .map(({ field, code, params }) => (
            <Note key={`${field} ${code}`}>{words(code, params)}</Note>
          ))}
      </div>
    </section>
  );

  function commandText({ command, position }: FormValues, made: Rule): string {
    const program = rules.family === 'ipv6' ? 'ip6tables' : 'iptables';
    const place = { table, chain, rule: made };
    if (command === 'append') return commandOf({ ...place, type: 'append' }, program, dialect);
    const number = command === 'insert' ? Number(position) : (editing?.number ?? 0);
    return commandOf(
      { ...place, type: command === 'insert' ? 'insert' : 'replace', number },
      program,
      dialect,
    );
  }

  function advice(made: Rule): Advice[] {
    const command = { family: rules.family, table, chain } as const;
    if (editing) {
      const entries = onHost(chainOf(rules, table, chain)?.entries ?? []);
      const equal = entries.findIndex(
        ({ id, rule: other }) => id !== editing.id && textOf(other) === textOf(made),
      );
      if (equal < 0) return [];
      return [{ code: 'rule.again', severity: 'info', params: { chain, number: equal + 1 } }];
    }
    const set = ruleSetOf(rules);
    return values.command === 'append'
      ? explainCommand({ ...command, kind: 'append', rules: [made] }, set)
      : explainCommand({ ...command, kind: 'insert', position: Number(values.position), rules: [made] }, set);
  }
}

function Note({ children }: { children: string }) {
  return (
    <p className="flex items-start gap-1.5">
      <Icon name="unknown" size={12} className="mt-[3px] text-warn" />
      <span>{children}</span>
    </p>
  );
}
