import type { TrialView } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { instanceQuery } from '../../instances/instance-queries.ts';
import { TrialPage } from '../../trials/trial-page.tsx';
import { currentTrialQuery, trialQuery } from '../../trials/trial-queries.ts';
import { Announcer } from '../../ui/announcer.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { usePageTitle } from '../../ui/page-title.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { EditorProvider, useEditor } from '../editor.tsx';
import { firewallQuery } from '../firewall-queries.ts';
import { ChangeList } from './change-list.tsx';
import { KeptChanges } from './kept-changes.tsx';
import { Review } from './review.tsx';
import { SaveNow } from './save-now.tsx';

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
        {view && shownId !== undefined ? <TriedDraft view={view} /> : <Review />}
      </EditorProvider>
    </Announcer>
  );
}

/** The draft on its host: the band, and beneath it what was changed. */
function TriedDraft({ view }: { view: TrialView }) {
  const { instance, session } = useEditor();
  const navigate = useNavigate();
  // the draft is done with once it is kept
  const kept = view.trial?.confirmed?.generation ?? null;
  const leave = () =>
    void navigate({
      to: '/instances/$instanceId/firewall',
      params: { instanceId: instance.id },
      search: {},
    });
  return (
    <TrialPage view={view} instance={instance} save={<SaveNow onDone={leave} />} onLeave={leave}>
      {kept !== null && <KeptChanges instanceId={instance.id} generation={kept} />}
      {kept === null && session.draft.steps.length > 0 && <ChangeList />}
    </TrialPage>
  );
}
