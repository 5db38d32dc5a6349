import { type RefObject, useEffect, useRef, useState } from 'react';
import { SearchField } from './search-field.tsx';
import { still } from './still.tsx';

// the first key asks a frame later, so that its letter is seen before the list is worked on
const frameMs = 20;
// those that follow within this ask together: no hand types so fast, but a key that is held down does, 25 to 33 times a
// second. More than needed is felt: a second key that comes too soon waits for it
const settleMs = 45;
// where the list is asked for ahead, the address waits for the hand to rest: a page costs more to move than a list
const restMs = 250;

interface FilterFieldProps {
  label: string;
  /** as it stands in the address */
  value: string;
  onChange: (value: string) => void;
  /** what `onChange` will be called with once the hand rests; null once the address says what is to be shown */
  onAhead?: (value: string | null) => void;
}

/** A list's filter: what is typed stays in the field, the address follows at once or when the hand rests. */
export const FilterField = still(DrawnField);

function DrawnField({ label, value, onChange, onAhead }: FilterFieldProps) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const timers = useRef<ReturnType<typeof setTimeout>[]>([]);
  const lastKey = useRef(0);
  const told = useRef(value);
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    // going back in the browser changes the address without the field
    if (value !== sent.current) {
      clearAll(timers);
      sent.current = value;
      setText(value);
    }
    // unless more was typed meanwhile
    if (timers.current.length === 0) onAhead?.(null);
  }, [value, onAhead]);
  useEffect(() => () => clearAll(timers), []);
  const send = (next: string) => {
    if (timers.current.length === 0) return;
    clearAll(timers);
    if (next === sent.current) return onAhead?.(null);
    sent.current = next;
    onChange(next);
  };
  return (
    <SearchField
      label={label}
      value={text}
      onChange={(next) => {
        setText(next);
        clearAll(timers);
        const rested = performance.now() - lastKey.current > settleMs;
        lastKey.current = performance.now();
        if (rested) onAhead?.(next);
        else timers.current.push(setTimeout(() => onAhead?.(next), settleMs));
        const waitMs = rested ? frameMs : settleMs;
        timers.current.push(setTimeout(() => send(next), onAhead ? restMs : waitMs));
      }}
      // whoever leaves for another page comes back to this list
      onLeave={() => send(text)}
      className="w-full narrow:w-[280px]"
    />
  );
}

function clearAll(timers: RefObject<ReturnType<typeof setTimeout>[]>): void {
  for (const timer of timers.current.splice(0)) clearTimeout(timer);
}
