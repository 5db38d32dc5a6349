import { NetfilterError } from '@moru/netfilter';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.ts';
import { RepairNotes } from '../command-bar/repair-notes.tsx';
import { readRule } from '../drafts/draft-rules.ts';
import { editsBetween } from '../drafts/edits-between.ts';
import { useEditor } from '../editor.tsx';
import { longestText } from '../text/use-text.ts';
import { useErrorWords } from '../words/field-words.ts';
import { createAsker } from '../worker/asker.ts';
import type { ImportRead } from './read-import.ts';

const askForImport = createAsker('import');

/** Rules from a file or the clipboard in the place of those of the tables that it names: as steps of the draft. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { session, actions, closed } = useEditor();
  const { family } = session.draft.rules;
  const [text, setText] = useState('');
  const [answer, setAnswer] = useState<{ text: string; read: ImportRead } | null>(null);
  const [problem, setProblem] = useState<NetfilterError | null>(null);
  const isTooLong = text.length > longestText;
  const pick = useId();
  useEffect(() => {
    if (text.trim() === '' || text.length > longestText) return;
    return askForImport({ text, family }, (read) => setAnswer({ text, read }));
  }, [text, family]);
  const read = answer?.text === text ? answer.read : null;
  const apply = () => {
    if (!read?.tables) return;
    const wanted = read.tables.map(({ name, chains }) => ({
      name,
      chains: chains.map((chain) => ({
        ...chain,
        rules: chain.rules.map((rule) => ({ rule: readRule(rule.text, family), off: rule.off })),
      })),
    }));
    try {
      const edits = editsBetween(session.draft.rules, wanted, { offAsSaid: true });
      actions.add(edits, [t('transfer.note')]);
      showToast({ tone: 'good', title: t('text.applied', { count: edits.length }) });
      onClose();
    } catch (error) {
      if (!(error instanceof NetfilterError)) throw error;
      setProblem(error);
    }
  };
  return (
    <Dialog
      title={t('transfer.import')}
      testId="import-dialog"
      onClose={onClose}
      note={t('transfer.importNote')}
      actions={
        <>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button
            look="primary"
            reason={closed ?? (read?.tables ? null : t('transfer.nothing'))}
            reasonAt="above-end"
            onPress={apply}
          >
            {t('text.apply')}
          </Button>
        </>
      }
    >
      <DialogBody>
        <p className="text-fg-2">{t('transfer.importText')}</p>
        <div className="grid gap-1">
          <label htmlFor={pick} className="text-12 text-fg-2">
            {t('transfer.file')}
          </label>
          <input
            id={pick}
            type="file"
            accept=".rules,.txt,text/plain"
            className="text-12"
            onChange={(event) => void event.target.files?.[0]?.text().then(setText)}
          />
        </div>
        <label className="grid gap-1">
          <span className="text-12 text-fg-2">{t('transfer.pasted')}</span>
          <textarea
            value={text}
            onChange={(event) => {
              setProblem(null);
              setText(event.target.value);
            }}
            translate="no"
            spellCheck={false}
            rows={10}
            data-testid="import-text"
            className="w-full rounded-4 border border-control bg-surface p-2.5 font-mono text-12"
          />
        </label>
        <ImportState read={read} problem={problem} isTooLong={isTooLong} isEmpty={text.trim() === ''} />
      </DialogBody>
    </Dialog>
  );
}

interface ImportStateProps {
  read: ImportRead | null;
  problem: NetfilterError | null;
  isTooLong: boolean;
  isEmpty: boolean;
}

function ImportState({ read, problem, isTooLong, isEmpty }: ImportStateProps) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const error = problem ?? (read?.error ? new NetfilterError(read.error.code, read.error) : null);
  return (
    <div aria-live="polite" className="grid gap-1 text-12" data-testid="import-state">
      {isTooLong && <p className="text-bad">{t('text.tooLong', { most: longestText.toLocaleString() })}</p>}
      {error && <p className="text-bad">{words(error)}</p>}
      {!isTooLong && !isEmpty && !read && <p className="text-fg-2">{t('text.reading')}</p>}
      <RepairNotes repairs={read?.repairs ?? []} />
      {read?.tables?.map(({ name, chains }) => (
        <p key={name} className="text-fg-2">
          <b translate="no">{name}</b>{' '}
          {t('transfer.found', {
            chains: chains.length,
            rules: chains.reduce((sum, { rules }) => sum + rules.length, 0),
          })}
        </p>
      ))}
    </div>
  );
}
