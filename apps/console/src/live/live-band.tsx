import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime } from '../i18n/format.ts';
import { useSessionEnded } from '../session/session-end.ts';
import { Icon } from '../ui/icon.tsx';
import { useLostSince } from './live-state.ts';

// a BFF that is started anew is back before anybody reads a line
const patienceMs = 4_000;

/** Keeps this page fresh, and says so when it cannot. */
export function Live({ userId }: { userId: string }) {
  const queries = useQueryClient();
  const over = useSessionEnded();
  useEffect(() => {
    // signed in again, it begins anew
    if (over) return;
    let stop: (() => void) | null = null;
    let ended = false;
    void import('./live.ts').then(({ startLive }) => {
      if (!ended) stop = startLive(queries, userId);
    });
    return () => {
      ended = true;
      stop?.();
    };
  }, [queries, userId, over]);
  return <LiveBand />;
}

function LiveBand() {
  const { t } = useTranslation();
  const since = useLostSince();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    setShown(false);
    if (since === null) return;
    const timer = setTimeout(() => setShown(true), patienceMs);
    return () => clearTimeout(timer);
  }, [since]);
  return (
    <div role="status">
      {since !== null && shown && (
        <p
          data-testid="stale-band"
          className="flex items-start gap-2 border-b border-warn-line bg-warn-tint px-4 py-1.5 text-12"
        >
          <Icon name="half" size={13} className="mt-0.5 text-warn" />
          <span>
            <b className="text-warn">{t('live.lost', { time: clockTime(since) })}</b> {t('live.lostText')}
          </span>
        </p>
      )}
    </div>
  );
}
