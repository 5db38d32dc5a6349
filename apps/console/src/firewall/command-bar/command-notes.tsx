import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icon.tsx';
import { useAdviceWords } from '../words/advice-words.ts';
import { useErrorWords } from '../words/field-words.ts';
import type { TypedText } from './read-typed.ts';
import { RepairNotes } from './repair-notes.tsx';

interface CommandNotesProps {
  id: string;
  typed: TypedText | null;
  tooLong: boolean;
  closed: string | null;
}

/** Beside what is typed: what was mended, what is wrong at which word, what it will and will not do. */
export function CommandNotes({ id, typed, tooLong, closed }: CommandNotesProps) {
  const { t } = useTranslation();
  const advice = useAdviceWords();
  const words = useErrorWords();
  const command = typed?.commands[0];
  const wrong = command?.meaning.kind === 'error' && !command.incomplete ? command.meaning.error : null;
  const several = (typed?.commands.length ?? 0) > 1;
  return (
    <div id={id} aria-live="polite" className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-0.5 text-12">
      {tooLong && <span className="text-bad">{t('bar.tooLong')}</span>}
      {typed && <RepairNotes repairs={typed.repairs} />}
      {wrong && (
        <span data-testid="command-error" className="flex items-center gap-1.5 text-bad">
          <Icon name="lost" size={11} />
          {words(wrong)}
        </span>
      )}
      {command?.advice.map((each) => (
        <span
          key={`${each.code} ${JSON.stringify(each.params)}`}
          className="flex items-center gap-1.5 text-fg-2"
        >
          <Icon
            name={each.severity === 'warning' ? 'unknown' : 'info'}
            size={11}
            className={each.severity === 'warning' ? 'text-warn' : 'text-fg-3'}
          />
          {advice(each)}
        </span>
      ))}
      {command && !wrong && !command.incomplete && (
        <span className="flex items-center gap-1.5 text-fg-3">
          <kbd translate="no" className="rounded-[3px] border border-line-strong bg-surface px-1.5 text-11">
            Enter
          </kbd>
          {several
            ? t('bar.showSteps')
            : command.meaning.kind === 'edits'
              ? (closed ?? t('bar.toDraft'))
              : t('bar.toAnswer')}
        </span>
      )}
    </div>
  );
}
