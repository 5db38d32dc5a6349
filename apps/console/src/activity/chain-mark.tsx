import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { State } from '../ui/badge.tsx';
import { verdictQuery } from './activity-queries.ts';

/** What following the chain of the whole log has shown. */
export function ChainMark() {
  const { t } = useTranslation();
  const { data, error } = useQuery(verdictQuery);
  if (error) return <State kind="unknown">{t('activity.chainUnread')}</State>;
  if (!data) return <State kind="changing">{t('activity.chainReading')}</State>;
  const total = data.records.toLocaleString();
  if (data.broken !== null) {
    return (
      <State kind="lost" strong>
        {t('activity.chainBroken', { seq: data.broken })}
      </State>
    );
  }
  if (data.gaps.length > 0) {
    return <State kind="unknown">{t('activity.chainGaps', { total, gaps: data.gaps.join(', ') })}</State>;
  }
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 text-12" title={t('activity.chainHint')}>
      <State kind="calm">{t('activity.chainWhole')}</State>
      <span className="text-fg-3 tabular-nums">{t('activity.chainCount', { total })}</span>
    </span>
  );
}
