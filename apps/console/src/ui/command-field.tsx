import { type ClipboardEvent, type ReactNode, type Ref, type RefObject, useEffect } from 'react';
import { Form } from './form.tsx';

interface CommandFieldProps {
  label: string;
  testId: string;
  /** before what is typed, where it is said there */
  program?: string;
  placeholder: string;
  value: string;
  isInvalid: boolean;
  /** id of the notes that tell what is typed */
  notes: string;
  inputRef: RefObject<HTMLInputElement | null>;
  onChange: (text: string) => void;
  onPaste: (event: ClipboardEvent<HTMLInputElement>) => void;
  onEnter: () => void;
  onEscape: () => void;
  /** up and down, where lines are remembered */
  onRecall?: (by: -1 | 1) => void;
  children: ReactNode;
}

/** One line for commands, at the bottom of a page: `/` brings the focus to it. */
export function CommandField(props: CommandFieldProps) {
  const { label, inputRef, onRecall } = props;
  useSlash(inputRef);
  return (
    <Form
      className="flex min-h-[42px] flex-wrap items-center gap-x-2 px-4 py-1"
      onSubmit={(event) => {
        event.preventDefault();
        props.onEnter();
      }}
    >
      <kbd className="rounded-[3px] border border-line-strong bg-surface px-1.5 font-mono text-11 text-fg-3">
        /
      </kbd>
      {props.program !== undefined && (
        <span aria-hidden="true" translate="no" className="font-mono text-12 text-fg-3">
          {props.program}
        </span>
      )}
      <input
        ref={inputRef as Ref<HTMLInputElement>}
        data-testid={props.testId}
        aria-label={label}
        aria-describedby={props.notes}
        aria-invalid={props.isInvalid}
        placeholder={props.placeholder}
        value={props.value}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck="false"
        onChange={(event) => props.onChange(event.target.value)}
        onPaste={props.onPaste}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.code === 'Escape') props.onEscape();
          if (!onRecall || (event.code !== 'ArrowUp' && event.code !== 'ArrowDown')) return;
          event.preventDefault();
          onRecall(event.code === 'ArrowUp' ? -1 : 1);
        }}
        className="h-8 min-w-40 flex-1 bg-transparent font-mono text-12 outline-none"
      />
      {props.children}
    </Form>
  );
}

/** `/` brings the focus to the command bar, unless something is being typed elsewhere. */
function useSlash(input: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { target, code, ctrlKey, metaKey, altKey, shiftKey, isComposing } = event;
      if (code !== 'Slash' || ctrlKey || metaKey || altKey || shiftKey || isComposing) return;
      if (
        target instanceof HTMLElement &&
        target.closest('input, textarea, [contenteditable], [role=dialog]')
      )
        return;
      event.preventDefault();
      input.current?.focus();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [input]);
}
