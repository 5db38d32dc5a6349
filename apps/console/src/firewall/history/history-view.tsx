import type { Generation } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../i18n/format.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ViewRow } from '../view-row.tsx';
import { GenerationDetail } from './generation-detail.tsx';
import { generationsQuery } from './history-queries.ts';

/** 이력: the rules that were kept on the host, what each changed, and the way back to one as a draft. */
export function HistoryView() {
  const { t } = useTranslation();
  const { instanceId } = useParams({ from: '/shell/instances/$instanceId' });
  const { generation } = useSearch({ from: '/shell/instances/$instanceId/firewall/history' });
  const list = useQuery(generationsQuery(instanceId));
  const generations = list.data?.generations ?? [];
  const shown = generation ?? generations[0]?.number;
  if (list.data && generations.length === 0) {
    return (
      <>
        <ViewRow instanceId={instanceId} />
        <div className="grid min-h-0 flex-1 content-start justify-items-center gap-2 overflow-auto px-4 py-16 text-center">
          <h2 className="text-18">{t('history.noneTitle')}</h2>
          <p className="max-w-[52ch] text-balance text-fg-2" data-testid="no-generations">
            {t('history.none')}
          </p>
        </div>
      </>
    );
  }
  return (
    <>
      <ViewRow instanceId={instanceId} />
      <div className="grid min-h-0 flex-1 content-start wide:grid-cols-[340px_minmax(0,1fr)] wide:content-stretch">
        <nav
          aria-label={t('history.title')}
          className="min-h-0 overflow-auto border-line bg-canvas max-wide:max-h-72 max-wide:border-b wide:border-r"
        >
          {list.error && <FailureNotice error={list.error} onRetry={() => list.refetch()} className="m-3" />}
          {list.isPending && <Skeleton rows={5} />}
          <ol>
            {generations.map((each) => (
              <li key={each.number} className="border-b border-line">
                <Link
                  to="/instances/$instanceId/firewall/history"
                  params={{ instanceId }}
                  search={{ generation: each.number }}
                  aria-current={each.number === shown ? 'true' : undefined}
                  data-testid="generation"
                  className="grid gap-0.5 px-4 py-2 hover:bg-hover aria-[current]:bg-surface aria-[current]:shadow-[inset_3px_0_var(--ink)]"
                >
                  <GenerationRow generation={each} />
                </Link>
              </li>
            ))}
          </ol>
        </nav>
        {shown !== undefined && (
          <GenerationDetail key={shown} number={shown} isNewest={shown === generations[0]?.number} />
        )}
      </div>
    </>
  );
}

type Listed = Generation & {
  changes: { rules: { added: number; removed: number; policies: number } } | null;
};

function GenerationRow({ generation }: { generation: Listed }) {
  const { t } = useTranslation();
  const { number, at, author, note, reason, saved, changes } = generation;
  return (
    <>
      <span className="flex items-baseline gap-2">
        <b className="tabular-nums">#{number}</b>
        <span className="min-w-0 flex-1 truncate">{author || t(`history.reason.${reason}`)}</span>
        {saved.length > 0 && <span className="text-12 text-good">{t('firewall.saved')}</span>}
      </span>
      <span className="text-12 text-fg-3 tabular-nums">{dateTime(at)}</span>
      {note && <span className="text-12 wrap-anywhere text-fg-2">{note}</span>}
      {changes && (
        <span className="text-12 text-fg-2">
          {t('history.changes', { added: changes.rules.added, removed: changes.rules.removed })}
          {changes.rules.policies > 0 && ` · ${t('history.policies', { count: changes.rules.policies })}`}
        </span>
      )}
    </>
  );
}
