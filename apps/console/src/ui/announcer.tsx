import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';

const Context = createContext<(text: string) => void>(() => {});

/** Says something to assistive technology that stands nowhere on the page. */
export function useAnnounce(): (text: string) => void {
  return useContext(Context);
}

export function Announcer({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState({ text: '', turn: 0 });
  const announce = useCallback((text: string) => setSaid((before) => ({ text, turn: before.turn + 1 })), []);
  return (
    <Context value={announce}>
      {children}
      <div aria-live="polite" role="status" data-testid="announcer" className="sr-only">
        {/* the same words twice are said twice */}
        <span key={said.turn}>{said.text}</span>
      </div>
    </Context>
  );
}
