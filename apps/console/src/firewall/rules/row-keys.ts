import type { KeyboardEvent } from 'react';

/** What a key asks for while a row has the focus. */
export type RowKey =
  | { type: 'go'; by: number | 'first' | 'last'; extend: boolean }
  | { type: 'move'; by: -1 | 1 | 'first' | 'last' }
  | { type: 'open' | 'choose' | 'delete' | 'menu' | 'leave' };

const pages: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, PageUp: -15, PageDown: 15 };
const ends: Record<string, 'first' | 'last'> = { Home: 'first', End: 'last' };

/** By `event.code`: with 한글 on, `key` of a letter is another one. Null for a key that means nothing here. */
export function rowKeyOf(
  event: Pick<KeyboardEvent, 'code' | 'altKey' | 'shiftKey' | 'ctrlKey' | 'metaKey'>,
): RowKey | null {
  const { code, altKey, shiftKey } = event;
  if (event.ctrlKey || event.metaKey) return null;
  if (altKey) {
    if (code === 'ArrowUp' || code === 'ArrowDown') return { type: 'move', by: code === 'ArrowUp' ? -1 : 1 };
    const end = ends[code];
    return end ? { type: 'move', by: end } : null;
  }
  const by = pages[code] ?? ends[code];
  if (by !== undefined) return { type: 'go', by, extend: shiftKey };
  if (code === 'F10') return shiftKey ? { type: 'menu' } : null;
  switch (code) {
    case 'Enter':
    case 'NumpadEnter':
      return { type: 'open' };
    case 'Space':
      return { type: 'choose' };
    case 'Delete':
      return { type: 'delete' };
    case 'ContextMenu':
      return { type: 'menu' };
    case 'Escape':
      return { type: 'leave' };
    default:
      return null;
  }
}
