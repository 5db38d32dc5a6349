import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { instanceQuery } from '../../instances/instance-queries.ts';
import { TrialPage } from '../../trials/trial-page.tsx';
import { currentTrialQuery, trialQuery } from '../../trials/trial-queries.ts';
import { Announcer } from '../../ui/announcer.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { usePageTitle } from '../../ui/page-title.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { routingQuery } from '../routing-queries.ts';
import { parseEdits } from './parse-edits.ts';
import { RoutesReview } from './review.tsx';
import { TriedRoutes } from './tried-routes.tsx';

const from = '/shell/instances/$instanceId/routing/review';

/** 경로 검토, and the same page while the change is tried: nothing else is in view when a host is about to change. */
export function RoutesReviewPage() {
  const { t } = useTranslation();
  const { instanceId } = useParams({ from });
  const search = useSearch({ from });
  const navigate = useNavigate({ from: '/instances/$instanceId/routing/review' });
  const { data: instance, error } = useQuery(instanceQuery(instanceId));
  const routing = useQuery(routingQuery(instanceId));
  const { data: current } = useQuery(currentTrialQuery(instanceId));
  const shownId = search.trial ?? current?.trial?.id;
  const shown = useQuery({ ...trialQuery(instanceId, shownId ?? ''), enabled: shownId !== undefined });
  const edits = useMemo(() => parseEdits(search.edits), [search.edits]);
  usePageTitle(t('routing.pageTitle', { name: instance?.name ?? '' }));
  // a trial that somebody else began is shown here too, and stays in view until its end is read
  useEffect(() => {
    if (search.trial === undefined && current?.trial) {
      void navigate({ search: { trial: current.trial.id }, replace: true });
    }
  }, [search.trial, current, navigate]);
  const view = shown.data ?? current ?? null;
  const trouble = error ?? (routing.data ? null : routing.error);
  // without an id: the host was cut off before it could answer, and counts by itself
  if (instance && view && (shownId !== undefined || view.trial === null)) {
    return (
      <Announcer>
        <TrialPage
          view={view}
          instance={instance}
          subject="routes"
          onLeave={() => void navigate({ to: '/instances/$instanceId/routing', params: { instanceId } })}
        >
          <TriedRoutes view={view} />
        </TrialPage>
      </Announcer>
    );
  }
  if (!instance || !routing.data) {
    return (
      <div className="p-4">
        {trouble ? (
          <FailureNotice error={trouble} onRetry={() => routing.refetch()} />
        ) : (
          <Skeleton rows={6} />
        )}
      </div>
    );
  }
  return (
    <Announcer>
      <RoutesReview instance={instance} state={routing.data} edits={edits} />
    </Announcer>
  );
}
