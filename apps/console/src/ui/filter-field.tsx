import { useEffect, useRef, useState } from 'react';
import { SearchField } from './search-field.tsx';

// below this every key would ask the server; above it the list lags behind the hand
const settleMs = 150;

interface FilterFieldProps {
  label: string;
  /** as it stands in the address */
  value: string;
  onChange: (value: string) => void;
}

/** A list's filter: what is typed stays in the field, the address follows when the hand rests. */
export function FilterField({ label, value, onChange }: FilterFieldProps) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
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
        timer.current = setTimeout(() => {
          sent.current = next;
          onChange(next);
        }, settleMs);
      }}
      className="w-full narrow:w-[280px]"
    />
  );
}
