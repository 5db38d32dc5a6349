import { type RefObject, useEffect } from 'react';

/** `/` brings the focus to the command bar, unless something is being typed elsewhere. */
export function useSlash(input: RefObject<HTMLInputElement | null>): void {
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
