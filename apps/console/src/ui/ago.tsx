import { useEffect, useState } from 'react';
import { ago, clockTime } from '../i18n/format.ts';
import { language } from '../shell/preferences.ts';

// ages are read, not watched: oftener than this they would only flicker
const tickMs = 5_000;

/** How long ago something was read; it grows by itself, also when nothing new arrives. */
export function Ago({ iso }: { iso: string }) {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), tickMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={iso} title={clockTime(iso)} className="tabular-nums">
      {ago(iso, Date.now(), language())}
    </time>
  );
}
