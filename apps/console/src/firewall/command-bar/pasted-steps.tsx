import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useAdviceWords } from '../words/advice-words.ts';
import { useErrorWords } from '../words/field-words.ts';
import type { Typed, TypedText } from './read-typed.ts';
import { RepairNotes } from './repair-notes.tsx';

interface PastedStepsProps {
  text: string;
  read: (text: string) => TypedText;
  closed: string | null;
  onChange: (text: string) => void;
  onAdd: (typed: TypedText) => void;
  onClose: () => void;
}

// a list is for reading; what is longer is counted
const mostShown = 200;

/** A pasted block as a list of steps, each with its notes; it can still be mended. */
export function PastedSteps({ text, read, closed, onChange, onAdd, onClose }: PastedStepsProps) {
  const { t } = useTranslation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: reading is the same for the same text while it is open
  const typed = useMemo(() => read(text), [text]);
  const adding = typed.commands.filter(({ meaning }) => meaning.kind === 'edits').length;
  const wrong = typed.commands.filter(({ meaning }) => meaning.kind === 'error').length;
  const reason =
    closed ?? (wrong > 0 ? t('paste.wrong', { count: wrong }) : adding === 0 ? t('paste.nothing') : null);
  return (
    <Dialog
      title={t('paste.title')}
      testId="pasted-steps"
      onClose={onClose}
      note={t('form.notYet')}
      actions={
        <>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button
            look="primary"
            data-testid="add-steps"
            reasonAt="above-end"
            reason={reason}
            onPress={() => onAdd(typed)}
          >
            {t('paste.add', { count: adding })}
          </Button>
        </>
      }
    >
      <DialogBody>
        <textarea
          aria-label={t('paste.text')}
          value={text}
          onChange={(event) => onChange(event.target.value)}
          spellCheck="false"
          rows={5}
          className="w-full rounded-4 border border-control bg-surface p-2 font-mono text-12 outline-none focus:border-focus focus:ring-1 focus:ring-focus"
        />
        <RepairNotes repairs={typed.repairs} />
        <ol className="grid gap-2">
          {typed.commands.slice(0, mostShown).map((command, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the place in the block is the identity
            <StepRow key={index} number={index + 1} command={command} />
          ))}
        </ol>
        {typed.commands.length > mostShown && (
          <p className="text-fg-3">{t('paste.more', { count: typed.commands.length - mostShown })}</p>
        )}
      </DialogBody>
    </Dialog>
  );
}

function StepRow({ number, command }: { number: number; command: Typed }) {
  const { t } = useTranslation();
  const advice = useAdviceWords();
  const words = useErrorWords();
  const { meaning, notes, text } = command;
  return (
    <li
      data-testid="pasted-step"
      data-kind={meaning.kind}
      className="grid grid-cols-[24px_minmax(0,1fr)] gap-x-2 border-b border-line pb-2"
    >
      <span className="text-fg-3 tabular-nums">{number}</span>
      <div className="grid gap-0.5">
        {notes.map((note) => (
          <p key={note} className="text-12 text-fg-3">
            # {note}
          </p>
        ))}
        <code translate="no" className="font-mono text-12 wrap-anywhere">
          {text}
        </code>
        {meaning.kind === 'error' ? (
          <p className="flex items-center gap-1.5 text-12 text-bad">
            <Icon name="lost" size={11} />
            {words(meaning.error)}
          </p>
        ) : (
          meaning.kind !== 'edits' && <p className="text-12 text-fg-3">{t('paste.question')}</p>
        )}
        {command.advice.map((each) => (
          <p key={each.code} className="text-12 text-fg-2">
            {advice(each)}
          </p>
        ))}
      </div>
    </li>
  );
}
