import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { codeTheme } from './code-theme.ts';
import { highlighter } from './highlighter.ts';

/** A wrong word, and why. */
export interface CodeError {
  /** from 1 */
  line: number;
  column: number;
  word: string | undefined;
  message: string;
}

interface CodeEditorProps {
  label: string;
  /** what is to be shown; another text than the editor holds replaces it */
  text: string;
  readOnly: boolean;
  error: CodeError | null;
  /** a line that begins so comes into view */
  show: string;
  onText: (text: string) => void;
  /** Ctrl or ⌘ with Enter, with what the editor holds */
  onSubmit: (text: string) => void;
}

// each letter by itself would copy a long text each time
const restMs = 200;

/** Text of rules with line numbers, marks for wrong words and its own history. Tab leaves it, as it leaves any field. */
export function CodeEditor(props: CodeEditorProps) {
  const { label, text, readOnly, error, show } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const now = useRef(props);
  now.current = props;
  const held = useRef(text);

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; what changes later is handed on below
  useEffect(() => {
    if (!place.current) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (typed: string) => {
      clearTimeout(timer);
      timer = undefined;
      held.current = typed;
      now.current.onText(typed);
    };
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          nonce(),
          Prec.highest(
            keymap.of([
              {
                key: 'Mod-Enter',
                run: ({ state }) => {
                  const typed = state.doc.toString();
                  tell(typed);
                  now.current.onSubmit(typed);
                  return true;
                },
              },
            ]),
          ),
          lineNumbers(),
          history(),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          lintGutter(),
          highlighter,
          codeTheme,
          reading.of(readingOf(readOnly)),
          EditorView.contentAttributes.of({
            'aria-label': label,
            'data-testid': 'text-editor',
            translate: 'no',
            spellcheck: 'false',
            autocapitalize: 'off',
          }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            clearTimeout(timer);
            timer = undefined;
            if (update.transactions.some((each) => each.annotation(given))) return;
            timer = setTimeout(() => tell(update.view.state.doc.toString()), restMs);
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      // what was typed in the last moment is not lost with the page
      if (timer !== undefined) tell(made.state.doc.toString());
      made.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    const made = view.current;
    if (!made || held.current === text) return;
    held.current = text;
    made.dispatch({
      changes: { from: 0, to: made.state.doc.length, insert: text },
      annotations: given.of(true),
    });
  }, [text]);
  useEffect(() => {
    view.current?.dispatch({ effects: reading.reconfigure(readingOf(readOnly)) });
  }, [readOnly]);
  useEffect(() => {
    const made = view.current;
    if (made) made.dispatch(setDiagnostics(made.state, error ? [diagnosticOf(made.state, error)] : []));
  }, [error]);
  useEffect(() => {
    const made = view.current;
    const at = made ? lineOf(made.state, show) : null;
    if (at !== null) made?.dispatch({ effects: EditorView.scrollIntoView(at, { y: 'start' }) });
  }, [show]);

  return <div ref={place} data-testid="code" className="min-h-0 flex-1 overflow-hidden [&>*]:h-full" />;
}

/** A text that came from the page, not from whoever types. */
const given = Annotation.define<boolean>();

const reading = new Compartment();

const readingOf = (readOnly: boolean) => [EditorState.readOnly.of(readOnly)];

/** The page's policy lets no style in without it. */
function nonce() {
  const { nonce: known } = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]') ?? {};
  return known ? EditorView.cspNonce.of(known) : [];
}

/** The word, or the whole line where none is named; never outside of the text. */
function diagnosticOf({ doc }: EditorState, { line, column, word, message }: CodeError): Diagnostic {
  const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const start = Math.min(from + Math.max(column - 1, 0), to);
  const end = word ? Math.min(start + word.length, to) : to;
  return { from: start < end ? start : from, to: end, severity: 'error', message };
}

// a million lines are not looked through for a jump
const mostLines = 50_000;

function lineOf({ doc }: EditorState, beginning: string): number | null {
  for (let number = 1; number <= Math.min(doc.lines, mostLines); number += 1) {
    const line = doc.line(number);
    if (doc.sliceString(line.from, line.from + beginning.length) === beginning) return line.from;
  }
  return null;
}
