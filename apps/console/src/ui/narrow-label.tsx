/** Names a value where its column's head is not shown: below `narrow`, where rows stand as cards. */
export function NarrowLabel({ children }: { children: string }) {
  return (
    <span aria-hidden="true" className="mr-1.5 text-12 text-fg-3 narrow:hidden">
      {children}
    </span>
  );
}
