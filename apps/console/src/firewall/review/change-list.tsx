import type { TableName } from '@moru/types';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CommandLine } from '../../ui/command-line.tsx';
import { replay } from '../drafts/apply-step.ts';
import { changedChains } from '../drafts/changed-chains.ts';
import type { Draft } from '../drafts/draft.ts';
import { chainOf } from '../drafts/draft-rules.ts';
import { type Line, linesOf } from '../drafts/lines.ts';
import { commandsOf } from '../drafts/step-commands.ts';
import { useEditor } from '../editor.tsx';
import { DraftMark } from '../rules/draft-mark.tsx';
import { TargetName, targetName } from '../rules/target.tsx';
import { ruleSentence } from '../words/rule-words.ts';

interface ChainChanges {
  table: TableName;
  chain: string;
  fate: 'created' | 'deleted' | 'kept';
  policy: { from: string; to: string } | null;
  lines: Line[];
}

/** What the draft changes, in sentences with before and after; the commands behind it on request. */
export function ChangeList() {
  const { t } = useTranslation();
  const { draft } = useEditor().session;
  const changes = useMemo(() => changesOf(draft), [draft]);
  const [opened, setOpened] = useState(false);
  const count = changes.reduce(
    (sum, { lines, policy, fate }) => sum + lines.length + (policy ? 1 : 0) + (fate === 'kept' ? 0 : 1),
    0,
  );
  return (
    <section
      aria-label={t('review.changes')}
      className="rounded-6 border border-line bg-surface"
      data-testid="changes"
    >
      <header className="flex min-h-10 flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
        <h2 className="text-14">{t('draft.changes', { count })}</h2>
        <span translate="no" className="text-fg-3">
          {changes.map(({ table, chain }) => (table === 'filter' ? chain : `${table} ${chain}`)).join(', ')}
        </span>
      </header>
      <ul>
        {changes.map((change) => (
          <Chain key={`${change.table} ${change.chain}`} {...change} />
        ))}
      </ul>
      <details
        className="border-t border-line px-4 py-2"
        onToggle={({ currentTarget }) => setOpened(currentTarget.open)}
      >
        <summary className="cursor-pointer text-12 font-semibold text-fg-2">{t('review.commands')}</summary>
        {opened && <Commands />}
      </details>
    </section>
  );
}

/** Worked out for who opens them: a draft may have hundreds, each with a button to copy it. */
function Commands() {
  const { session, dialect } = useEditor();
  const { base, steps } = session.draft;
  const commands = useMemo(() => {
    const all: string[] = [];
    replay(base, steps, (step, before) => all.push(...commandsOf(step, before, dialect)));
    return all;
  }, [base, steps, dialect]);
  return (
    <div className="grid gap-1 pt-2" data-testid="review-commands">
      {commands.map((command, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same command may come twice
        <CommandLine key={index} command={command} />
      ))}
    </div>
  );
}

function changesOf({ base, rules, steps }: Draft): ChainChanges[] {
  const moving = new Set(steps.flatMap((step) => (step.type === 'move' ? step.rules : [])));
  return [...changedChains({ base, rules })].map((key): ChainChanges => {
    const [table = '', chain = ''] = key.split(' ');
    const was = chainOf(base, table, chain);
    const will = chainOf(rules, table, chain);
    const policy =
      was?.policy && will?.policy && was.policy !== will.policy
        ? { from: was.policy, to: will.policy }
        : null;
    return {
      table: table as TableName,
      chain,
      fate: !was ? 'created' : !will ? 'deleted' : 'kept',
      policy,
      lines: linesOf(was, will, moving).filter(({ mark }) => mark !== null),
    };
  });
}

function Chain({ table, chain, fate, policy, lines }: ChainChanges) {
  const { t } = useTranslation();
  return (
    <>
      {fate !== 'kept' && (
        <li className="border-b border-line px-4 py-2 last:border-0">
          {t(fate === 'created' ? 'review.chainCreated' : 'review.chainDeleted', { chain })}
        </li>
      )}
      {policy && (
        <li className="grid grid-cols-[76px_minmax(0,1fr)] items-center gap-2 border-b border-line px-4 py-2 last:border-0">
          <DraftMark mark="edited" />
          <span className="flex flex-wrap items-center gap-2">
            {t('review.policy', { chain })}
            <TargetName name={policy.from} />→<TargetName name={policy.to} />
          </span>
        </li>
      )}
      {lines.map((line) => (
        <Change key={line.entry.id} line={line} table={table} chain={chain} />
      ))}
    </>
  );
}

function Change({ line, table, chain }: { line: Line; table: TableName; chain: string }) {
  const { t } = useTranslation();
  const { entry, before, mark } = line;
  if (mark === null) return null;
  const number = line.to ?? line.from;
  const sentence = ruleSentence(t, entry.rule, table, chain);
  return (
    <li className="grid grid-cols-[76px_minmax(0,1fr)_auto] items-center gap-2 border-b border-line px-4 py-2 last:border-0">
      <span>
        <DraftMark mark={mark} />
      </span>
      <span>
        <span className={mark === 'deleted' || mark === 'off' ? 'text-fg-2 line-through' : ''}>
          {number !== null && `${t('review.number', { number })} `}
          {sentence}
        </span>
        {before && (
          <span className="block text-12 text-fg-3">
            <s>{ruleSentence(t, before.rule, table, chain)}</s>
          </span>
        )}
        {mark === 'moved' && line.from !== null && line.to !== null && (
          <span className="block text-12 text-fg-3">
            {t('review.moved', { from: line.from, to: line.to })}
          </span>
        )}
      </span>
      <TargetName name={targetName(entry.rule)} />
    </li>
  );
}
