import { type Session, sessionNoticeMs } from '@moru/types';
import { useEffect, useState } from 'react';
import { openWords } from '../i18n/setup.ts';
import { onDemand } from '../ui/on-demand.tsx';
import { useIdleEnd } from './idle-end.ts';

const load = async () => {
  await openWords('sessions');
  return import('./ending-notice.tsx');
};
const EndingNotice = onDemand(async () => (await load()).EndingNotice);
const IdleNotice = onDemand(async () => (await load()).IdleNotice);

/** Says ten minutes before that the session ends, with its token or for want of use; the code comes when it is time. */
export function SessionEnding({ session: { expiresAt } }: { session: Session }) {
  const [due, setDue] = useState(false);
  const idleEnd = useIdleEnd();
  useEffect(() => {
    const left = Date.parse(expiresAt) - Date.now() - sessionNoticeMs;
    setDue(left <= 0);
    const timer = setTimeout(() => setDue(true), Math.max(0, left));
    return () => clearTimeout(timer);
  }, [expiresAt]);
  if (!due && idleEnd === null) return null;
  return due ? <EndingNotice endsAt={expiresAt} /> : <IdleNotice endsAt={idleEnd ?? expiresAt} />;
}
