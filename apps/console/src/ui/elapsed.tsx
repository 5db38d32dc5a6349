import { useEffect, useState } from 'react';
import { clockTime, countText } from '../i18n/format.ts';

/** How long something has been going on, by the second: `0:42`, `1:02:05`. A clock that is behind shows 0:00. */
export function Elapsed({ since }: { since: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1_000));
  return (
    <time dateTime={since} title={clockTime(since)} className="text-12 text-fg-3 tabular-nums">
      {countText(seconds)}
    </time>
  );
}
