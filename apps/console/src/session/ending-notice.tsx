import { apiPaths } from '@moru/types';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../http/client.ts';
import { clockTime } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { setIdleEnd } from './idle-end.ts';
import { askForProof } from './key-proof.ts';

const minuteMs = 60_000;
// timed states are read out at their beginning and again when little is left
const lastCallMs = minuteMs;

/** When the session ends with its token, and the way to stay. */
export function EndingNotice({ endsAt }: { endsAt: string }) {
  const { t } = useTranslation();
  return (
    <Line
      endsAt={endsAt}
      text={t('ending.text', { time: clockTime(endsAt) })}
      action={t('ending.stay')}
      onAction={() => void askForProof('ending')}
    />
  );
}

/** When the session ends for want of use. Whatever is done at the page is use. */
export function IdleNotice({ endsAt }: { endsAt: string }) {
  const { t } = useTranslation();
  useEffect(() => {
    const end = new AbortController();
    const use = () => {
      setIdleEnd(null);
      // whatever else the page asks for now says the same; where nothing does, this says it
      get(apiPaths.session).catch(() => undefined);
    };
    for (const type of ['pointerdown', 'keydown']) {
      document.addEventListener(type, use, { capture: true, once: true, signal: end.signal });
    }
    return () => end.abort();
  }, []);
  return (
    <Line
      endsAt={endsAt}
      text={t('ending.idleText', { time: clockTime(endsAt) })}
      action={t('ending.use')}
      onAction={() => setIdleEnd(null)}
    />
  );
}

interface LineProps {
  endsAt: string;
  text: string;
  action: string;
  onAction: () => void;
}

/** One calm line under the top bar. */
function Line({ endsAt, text, action, onAction }: LineProps) {
  const { t } = useTranslation();
  const left = useLeft(endsAt);
  const minutes = Math.max(1, Math.ceil(left / minuteMs));
  return (
    <div
      data-testid="session-ending"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-warn-line bg-warn-tint px-4 py-1.5 text-12"
    >
      <Icon name="clock" size={13} className="text-warn" />
      {/* the words change with every minute, what is read out only twice */}
      <span aria-hidden="true" className="min-w-0 flex-1 tabular-nums">
        <b className="text-warn">{t('ending.left', { minutes })}</b> <span className="text-fg-2">{text}</span>
      </span>
      <span role="status" className="sr-only">
        {t(left > lastCallMs ? 'ending.spoken' : 'ending.spokenLast', { time: clockTime(endsAt) })}
      </span>
      <Button size="sm" onPress={onAction}>
        {action}
      </Button>
    </div>
  );
}

/** Milliseconds, to the second of the next full minute. */
function useLeft(endsAt: string): number {
  const [now, setNow] = useState(Date.now);
  const left = Date.parse(endsAt) - now;
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => setNow(Date.now()), (left % minuteMs) + 50);
    return () => clearTimeout(timer);
  }, [left]);
  return left;
}
