import { useEffect, useRef, useState } from 'react';
import { SearchField } from './search-field.tsx';

// the first key asks a frame later, so that its letter is seen before the list is worked on
const frameMs = 20;
// those that follow within this ask together: no hand types so fast, but a key that is held down does
const settleMs = 60;

interface FilterFieldProps {
  label: string;
  /** as it stands in the address */
  value: string;
  onChange: (value: string) => void;
  /** what `onChange` will be called with a frame later: to ask for it meanwhile */
  onAhead?: (value: string) => void;
}

/** A list's filter: what is typed stays in the field, the address follows at once or when the hand rests. */
export function FilterField({ label, value, onChange, onAhead }: FilterFieldProps) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const lastKey = useRef(0);
  // going back in the browser changes the address without the field
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <SearchField
      label={label}
      value={text}
      onChange={(next) => {
        setText(next);
        clearTimeout(timer.current);
        const send = () => {
          sent.current = next;
          onChange(next);
        };
        const rested = performance.now() - lastKey.current > settleMs;
        lastKey.current = performance.now();
        if (rested) onAhead?.(next);
        timer.current = setTimeout(send, rested ? frameMs : settleMs);
      }}
      className="w-full narrow:w-[280px]"
    />
  );
}
