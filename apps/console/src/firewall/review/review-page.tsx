import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { instanceQuery } from '../../instances/instance-queries.ts';
import { Announcer } from '../../ui/announcer.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { usePageTitle } from '../../ui/page-title.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { EditorProvider } from '../editor.tsx';
import { firewallQuery } from '../firewall-queries.ts';
import { currentTrialQuery, trialQuery } from '../trial/trial-queries.ts';
import { TrialPage } from '../trial/trial-view.tsx';
import { Review } from './review.tsx';

/** 검토 및 적용, and the same page while the change is tried: nothing else is in view when a host is about to change. */
export function ReviewPage() {
  const { t } = useTranslation();
  const { instanceId } = useParams({ from: '/shell/instances/$instanceId/firewall/review' });
  const search = useSearch({ from: '/shell/instances/$instanceId/firewall/review' });
  const navigate = useNavigate({ from: '/instances/$instanceId/firewall/review' });
  const { data: instance } = useQuery(instanceQuery(instanceId));
  const firewall = useQuery(firewallQuery(instanceId));
  const { data: current } = useQuery(currentTrialQuery(instanceId));
  const shownId = search.trial ?? current?.trial?.id;
  const shown = useQuery({ ...trialQuery(instanceId, shownId ?? ''), enabled: shownId !== undefined });
  usePageTitle(t('review.pageTitle', { name: instance?.name ?? '' }));
  // a trial that somebody else began is shown here too, and stays in view until its end is read
  useEffect(() => {
    if (search.trial === undefined && current?.trial) {
      void navigate({ search: { trial: current.trial.id }, replace: true });
    }
  }, [search.trial, current, navigate]);
  const state = firewall.data;
  if (!instance || !state) {
    return (
      <div className="p-4">
        {firewall.error ? (
          <FailureNotice error={firewall.error} onRetry={() => firewall.refetch()} />
        ) : (
          <Skeleton rows={6} />
        )}
      </div>
    );
  }
  const view = shown.data ?? current ?? null;
  return (
    <Announcer>
      <EditorProvider instance={instance} state={state}>
        {view && shownId !== undefined ? (
          <TrialPage
            view={view}
            onLeave={() =>
              void navigate({ to: '/instances/$instanceId/firewall', params: { instanceId }, search: {} })
            }
          />
        ) : (
          <Review />
        )}
      </EditorProvider>
    </Announcer>
  );
}
