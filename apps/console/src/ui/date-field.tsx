interface DateFieldProps {
  label: string;
  /** `2026-03-01`; empty for none */
  value: string;
  onChange: (value: string) => void;
}

/** A day, in the browser's own picker: keyboard and screen readers know it, and it comes with no code. */
export function DateField({ label, value, onChange }: DateFieldProps) {
  return (
    <label className="inline-flex items-center gap-1.5 text-12 text-fg-3">
      {label}
      <input
        type="date"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-10 rounded-4 border border-control bg-surface px-2 text-13 text-fg outline-none focus:border-focus focus:ring-1 focus:ring-focus narrow:h-8"
      />
    </label>
  );
}
