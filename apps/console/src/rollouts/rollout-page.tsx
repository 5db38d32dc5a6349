import type { Rollout } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../i18n/format.ts';
import { State, type StateKind } from '../ui/badge.tsx';
import { Crumbs } from '../ui/crumbs.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { CourseBanner } from './course-banner.tsx';
import { RolloutHosts } from './rollout-hosts.tsx';
import { rolloutQuery } from './rollout-queries.ts';

/** 배포: how it goes on from host to host, with the presses that stop it, let it go on, or take it back. */
export function RolloutPage() {
  const { t } = useTranslation();
  const { rolloutId } = useParams({ from: '/shell/rollouts/$rolloutId' });
  const rollout = useQuery(rolloutQuery(rolloutId));
  const { data, error } = rollout;
  const title = !data
    ? t('rollout.title')
    : data.kind === 'undo'
      ? t('rollout.courseOfUndo')
      : t('rollout.courseOf', { name: data.source?.name ?? '' });
  usePageTitle(title);
  return (
    <div className="min-h-0 flex-1 overflow-auto px-4 py-4 narrow:px-6">
      <Crumbs
        items={[
          t('shell.operations'),
          <Link key="tasks" to="/tasks" className="hover:underline">
            {t('shell.tasks')}
          </Link>,
          t('rollout.title'),
        ]}
      />
      <div className="mt-1 mb-3 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="text-21 leading-tight font-semibold">{title}</h1>
        {data && <CourseState rollout={data} />}
      </div>
      {error && (
        <FailureNotice
          error={error}
          {...(data ? { note: t('common.stale') } : {})}
          onRetry={() => rollout.refetch()}
          className="mb-3.5"
        />
      )}
      {rollout.isPending && <Skeleton rows={6} />}
      {data && (
        <div className="grid gap-3.5" data-testid="rollout" data-state={data.state}>
          <CourseBanner rollout={data} />
          <RolloutHosts rollout={data} />
          <Settings rollout={data} />
        </div>
      )}
    </div>
  );
}

const looks: Partial<Record<Rollout['state'], StateKind>> = {
  running: 'changing',
  paused: 'unknown',
  succeeded: 'calm',
  failed: 'lost',
};

function CourseState({ rollout: { state, hosts } }: { rollout: Rollout }) {
  const { t } = useTranslation();
  const done = hosts.filter((host) => host.state === 'succeeded').length;
  return (
    <>
      <State kind={looks[state] ?? 'unknown'} strong>
        {t(`rollout.courseState.${state as 'running'}`)}
      </State>
      <span className="text-fg-2 tabular-nums" data-testid="rollout-progress" role="status">
        {t('rollout.progress', { total: hosts.length, done })}
      </span>
    </>
  );
}

function Settings({ rollout }: { rollout: Rollout }) {
  const { t } = useTranslation();
  const { source, undoes, actor, createdAt, note, save } = rollout;
  return (
    <Facts>
      <Fact label={t('rollout.source')}>
        {source && (
          <Link
            to="/instances/$instanceId/firewall"
            params={{ instanceId: source.instanceId }}
            search={{}}
            className="text-link"
          >
            {source.name}
          </Link>
        )}
        {undoes !== null && (
          <Link to="/rollouts/$rolloutId" params={{ rolloutId: undoes }} className="text-link">
            {t('rollout.title')}
          </Link>
        )}
      </Fact>
      <Fact label={t('rollout.by')}>{actor.name}</Fact>
      <Fact label={t('rollout.at')}>{dateTime(createdAt)}</Fact>
      <Fact label={t('rollout.saved')}>{t(save ? 'rollout.savedYes' : 'rollout.savedNo')}</Fact>
      {note !== '' && <Fact label={t('rollout.noteLabel')}>{note}</Fact>}
    </Facts>
  );
}
