import { useEffect, useRef, useState } from 'react';
import { SearchField } from './search-field.tsx';

// the first key asks a frame later, so that its letter is seen before the list is worked on
const frameMs = 20;
// those that follow within this ask together, or every key of a word would
const settleMs = 150;

interface FilterFieldProps {
  label: string;
  /** as it stands in the address */
  value: string;
  onChange: (value: string) => void;
}

/** A list's filter: what is typed stays in the field, the address follows at once or when the hand rests. */
export function FilterField({ label, value, onChange }: FilterFieldProps) {
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
        timer.current = setTimeout(send, rested ? frameMs : settleMs);
      }}
      className="w-full narrow:w-[280px]"
    />
  );
}
