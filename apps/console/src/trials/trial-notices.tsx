import type { TrialView } from '@moru/types';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { clockTime, countText } from '../i18n/format.ts';
import { instanceQuery } from '../instances/instance-queries.ts';
import { useReason } from '../instances/use-instance-actions.ts';
import { Button } from '../ui/button.tsx';
import { useSecondsLeft } from './countdown.ts';
import { subjectOf } from './subject.ts';
import { trialActions } from './trial-queries.ts';

const pages = ['firewall/review', 'routing/review'];

/** The band of each running trial, but for the one whose own page is in view. */
export function TrialNotices({ trials }: { trials: readonly TrialView[] }) {
  const { pathname } = useLocation();
  return trials
    .filter(({ instanceId }) => !pages.some((page) => pathname === `/instances/${instanceId}/${page}`))
    .map((view) => <Notice key={view.instanceId} view={view} />);
}

function Notice({ view }: { view: TrialView }) {
  const { t } = useTranslation();
  const reason = useReason();
  const queries = useQueryClient();
  const { instanceId, trial, deadlineAt } = view;
  const { data: instance } = useQuery(instanceQuery(instanceId));
  const seconds = useSecondsLeft(deadlineAt);
  const revert = useMutation({
    mutationFn: () => trialActions.revert(instanceId, trial?.id ?? ''),
    onSettled: () => queries.invalidateQueries({ queryKey: ['trials'] }),
  });
  return (
    <section
      aria-label={t('trial.label')}
      data-testid="trial-notice"
      className="flex flex-wrap items-center gap-x-4 gap-y-1.5 border-b border-anvil-line bg-anvil px-4 py-2 text-on-anvil [--focus:var(--anvil-focus)]"
    >
      <b className="text-18 text-(--ember-glow) tabular-nums">{seconds === null ? '' : countText(seconds)}</b>
      <span className="min-w-0 flex-1">
        <b>{t('trial.elsewhere', { host: instance?.name ?? '' })}</b>{' '}
        <span className="text-on-anvil-2">
          {deadlineAt && t('trial.until', { time: clockTime(deadlineAt) })}{' '}
          {t(`trial.doNothing.${subjectOf(view)}`)}
        </span>
      </span>
      <Link
        to={
          subjectOf(view) === 'routes'
            ? '/instances/$instanceId/routing/review'
            : '/instances/$instanceId/firewall/review'
        }
        params={{ instanceId }}
        search={trial ? { trial: trial.id } : {}}
        className="text-anvil-link underline underline-offset-3"
      >
        {t('trial.show')}
      </Link>
      <Button
        look="anvil"
        size="sm"
        icon="undo"
        className="border-anvil-control!"
        reason={reason('trial.revert')}
        isPending={revert.isPending}
        onPress={() => revert.mutate()}
      >
        {t('trial.revert')}
      </Button>
    </section>
  );
}
