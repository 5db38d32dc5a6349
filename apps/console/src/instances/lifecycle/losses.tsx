/** What an order does, line by line, before it is sent. */
export function Losses({ lines }: { lines: readonly string[] }) {
  return (
    <ul data-testid="losses" className="grid list-disc gap-1.5 pl-5">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
