import type { Session } from '@moru/types';
import { sessionNoticeMs } from '@moru/types';
import { lazy, Suspense, useEffect, useState } from 'react';
import { openWords } from '../i18n/setup.ts';

const EndingNotice = lazy(async () => {
  await openWords('sessions');
  const { EndingNotice: component } = await import('./ending-notice.tsx');
  return { default: component };
});

/** Says ten minutes before that the session ends with its token; the code comes when it is time. */
export function SessionEnding({ session: { expiresAt } }: { session: Session }) {
  const [due, setDue] = useState(false);
  useEffect(() => {
    const left = Date.parse(expiresAt) - Date.now() - sessionNoticeMs;
    setDue(left <= 0);
    const timer = setTimeout(() => setDue(true), Math.max(0, left));
    return () => clearTimeout(timer);
  }, [expiresAt]);
  if (!due) return null;
  return (
    <Suspense fallback={null}>
      <EndingNotice endsAt={expiresAt} />
    </Suspense>
  );
}
