import type { Instance, FirewallSummary as Summary } from '@moru/types';
import type { TFunction } from 'i18next';
import { ago, clockTime, countText } from '../i18n/format.ts';
import { language } from '../shell/preferences.ts';
import { useSecondsLeft } from '../trials/countdown.ts';
import { Address } from '../ui/address.tsx';
import { State, Tag } from '../ui/badge.tsx';
import { Icon } from '../ui/icon.tsx';
import { portWords } from './ports.ts';

interface FirewallSummaryProps {
  instance: Pick<Instance, 'status' | 'firewall'>;
  /** when the host goes back by itself, where a trial runs there */
  deadline?: string | null;
  /** of the caller: a list has many */
  t: TFunction;
}

/** What the host lets in, as its agent last said: protection, open ports, flags. */
export function FirewallSummary({ instance, deadline = null, t }: FirewallSummaryProps) {
  const summary = instance.firewall;
  if (instance.status === 'stopped') return <LastSeen summary={summary} t={t} />;
  if (summary.agent === 'none') return <State kind="off">{t('firewallSummary.noAgent')}</State>;
  const offline = summary.agent === 'offline';
  return (
    <div className="flex flex-wrap items-center gap-1 narrow:flex-nowrap">
      <Protection summary={summary} t={t} />
      {deadline !== null && <OnTrial deadline={deadline} t={t} />}
      {offline && (
        <Tag tone="bad" icon="lost">
          {t('firewallSummary.offline')}
          {summary.readAt && (
            <span className="font-normal" title={clockTime(summary.readAt)}>
              {ago(summary.readAt, Date.now(), language())}
            </span>
          )}
        </Tag>
      )}
      {!offline && summary.outside && (
        <Tag tone="warn" icon="unknown">
          {t('firewallSummary.outside')}
        </Tag>
      )}
      {!offline && summary.unsaved && (
        <Tag tone="warn" icon="unknown">
          {t('firewallSummary.unsaved')}
        </Tag>
      )}
    </div>
  );
}

interface SummaryProps {
  summary: Summary;
  t: TFunction;
}

function OnTrial({ deadline, t }: { deadline: string; t: TFunction }) {
  const seconds = useSecondsLeft(deadline);
  return (
    <Tag tone="heat" icon="clock">
      {t('firewallSummary.trial')}
      {seconds !== null && <span className="tabular-nums">{countText(seconds)}</span>}
    </Tag>
  );
}

/** A host that is off filters nothing and lets nothing in: only its age is worth a word. */
function LastSeen({ summary, t }: SummaryProps) {
  return (
    <State kind="off">
      {summary.readAt
        ? t('firewallSummary.lastSeen', { ago: ago(summary.readAt, Date.now(), language()) })
        : t('firewallSummary.off')}
    </State>
  );
}

function Protection({ summary, t }: SummaryProps) {
  if (summary.readAt === null) {
    return (
      <State kind="off" className="pr-2.5">
        {t('firewallSummary.unread')}
      </State>
    );
  }
  if (summary.open === null) {
    return (
      <>
        <State kind="unknown" className="min-w-[88px] pr-2.5">
          {t('firewallSummary.unsure')}
        </State>
        {summary.openPorts.length > 0 && (
          <span className="pr-2.5">
            <Address>{portWords(summary.openPorts)}</Address> {t('firewallSummary.perhapsMore')}
          </span>
        )}
      </>
    );
  }
  if (summary.open) {
    return (
      <>
        <State kind="danger" strong className="min-w-[88px] pr-2.5">
          {t('firewallSummary.open')}
        </State>
        <span className="pr-2.5 text-fg-2 narrow:min-w-36">
          {summary.closedPorts.length > 0
            ? t('firewallSummary.but', { ports: portWords(summary.closedPorts) })
            : t('firewallSummary.policy', { policy: summary.inputPolicy ?? '' })}
        </span>
      </>
    );
  }
  return (
    <>
      <span className="inline-flex min-w-[88px] items-center gap-1.5 pr-2.5 whitespace-nowrap">
        <Icon name="shield" size={13} />
        {t('firewallSummary.closed')}
      </span>
      <span className="pr-2.5 narrow:min-w-36">
        {summary.openPorts.length > 0 ? (
          <Address>{portWords(summary.openPorts)}</Address>
        ) : (
          <span className="text-fg-3">{t('firewallSummary.noPorts')}</span>
        )}
      </span>
    </>
  );
}
