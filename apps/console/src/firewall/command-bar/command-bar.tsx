import { type ClipboardEvent, useDeferredValue, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnnounce } from '../../ui/announcer.tsx';
import { Button } from '../../ui/button.tsx';
import { CommandField } from '../../ui/command-field.tsx';
import { countedRules } from '../drafts/host.ts';
import { useEditor } from '../editor.tsx';
import { CommandAnswer, type Shown } from './command-answer.tsx';
import { CommandHelp } from './command-help.tsx';
import { CommandNotes } from './command-notes.tsx';
import { PastedSteps } from './pasted-steps.tsx';
import { longestText, readTyped, type Typed, type TypedText } from './read-typed.ts';

// what a shell remembers of one sitting; older lines are found in the steps
const rememberedLines = 50;

const help: Typed = {
  text: 'iptables -h',
  notes: [],
  meaning: { kind: 'help' },
  advice: [],
  incomplete: null,
};

/** `sudo iptables …`: changes become steps of the draft, questions show their output. Never a shell. */
export function CommandBar() {
  const { t } = useTranslation();
  const { session, actions, dialect, closed } = useEditor();
  const announce = useAnnounce();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [shown, setShown] = useState<Shown | null>(null);
  const [pasted, setPasted] = useState<string | null>(null);
  const [tooLong, setTooLong] = useState(false);
  const [history, setHistory] = useState<{ lines: string[]; at: number }>({ lines: [], at: 0 });
  const read = (typed: string): TypedText =>
    readTyped(typed, session.draft, () => countedRules(session.host.state), dialect);
  const settled = useDeferredValue(text);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rest of the session is read when Enter is pressed
  const preview = useMemo(
    () => (settled.trim() === '' ? null : read(settled)),
    [settled, session.draft.rules, dialect],
  );

  const show = (command: Typed) => setShown((before) => ({ command, asked: (before?.asked ?? 0) + 1 }));
  const run = () => {
    const typed = read(text);
    const [command, ...more] = typed.commands;
    if (!command) return;
    if (more.length > 0) return setPasted(text);
    if (command.meaning.kind === 'error') return setShown(null);
    setHistory(({ lines }) => {
      const next = [...lines.filter((line) => line !== text), text].slice(-rememberedLines);
      return { lines: next, at: next.length };
    });
    setText('');
    if (command.meaning.kind !== 'edits') return show(command);
    setShown(null);
    if (closed) return;
    actions.add(command.meaning.edits, command.notes);
    announce(t('bar.added', { count: command.meaning.edits.length }));
  };
  const paste = (event: ClipboardEvent<HTMLInputElement>) => {
    const all = event.clipboardData.getData('text/plain');
    setTooLong(all.length > longestText);
    if (all.length > longestText) event.preventDefault();
    else if (all.trim().includes('\n')) {
      // one line takes no line feeds: the block is shown as a list of steps
      event.preventDefault();
      setPasted(all);
    }
  };
  const recall = (by: -1 | 1) => {
    const at = Math.min(Math.max(history.at + by, 0), history.lines.length);
    setHistory({ ...history, at });
    setText(history.lines[at] ?? '');
  };
  const named = /^\s*(\$|#|sudo\b|ip6?tables|cat\b|route\b|ip\b)/.test(text);
  const error = preview?.commands.find(({ meaning }) => meaning.kind === 'error');
  return (
    <section
      aria-label={t('bar.label')}
      data-bottom-bar
      className="relative flex-none border-t border-line-strong bg-sunken"
    >
      {pasted !== null && (
        <PastedSteps
          text={pasted}
          read={read}
          closed={closed}
          onChange={setPasted}
          onAdd={(typed) => {
            actions.addAll(
              typed.commands.flatMap(({ meaning, notes }) =>
                meaning.kind === 'edits' ? [{ edits: meaning.edits, notes }] : [],
              ),
            );
            setPasted(null);
            setText('');
            input.current?.focus();
          }}
          onClose={() => {
            setPasted(null);
            input.current?.focus();
          }}
        />
      )}
      {shown && <CommandAnswer key={shown.asked} shown={shown} onClose={() => setShown(null)} />}
      <CommandField
        label={t('bar.label')}
        testId="command-bar"
        program={named ? '' : 'sudo iptables'}
        placeholder={t('bar.placeholder')}
        value={text}
        isInvalid={error !== undefined}
        notes="command-notes"
        inputRef={input}
        onChange={(typed) => {
          setTooLong(false);
          setText(typed);
        }}
        onPaste={paste}
        onEnter={run}
        onEscape={() => (text ? setText('') : setShown(null))}
        onRecall={recall}
      >
        <Button
          look="quiet"
          size="xs"
          onPress={() => (shown?.command === help ? setShown(null) : show(help))}
        >
          {t('bar.help')}
        </Button>
        <CommandNotes id="command-notes" typed={preview} tooLong={tooLong} closed={closed} />
      </CommandField>
      <CommandHelp
        typed={preview}
        onChoose={(words) => {
          setText((before) => `${before.trimEnd()} ${words} `.trimStart());
          input.current?.focus();
        }}
      />
    </section>
  );
}
