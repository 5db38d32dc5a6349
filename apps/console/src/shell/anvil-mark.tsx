/** The anvil with what lies on it still hot. Decorative: the name stands beside it. */
export function AnvilMark({ className, steel = '#f1f4f7' }: { className?: string; steel?: string }) {
  return (
    <svg viewBox="0 0 26 26" aria-hidden="true" className={className}>
      <rect x="11" y="3.6" width="9.5" height="3" rx=".8" fill="#ff9466" />
      <path
        fill={steel}
        d="M8.5 8h15.2v2.6c-3.3.5-5.5 2-6.4 4.5v1.7l3.5 2.5v3H7.6v-3l3.5-2.5v-1.9C6.4 14.4 3 12.3 2 8.9h6.5z"
      />
    </svg>
  );
}
