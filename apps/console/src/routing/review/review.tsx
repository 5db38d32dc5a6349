import { type Instance, type RouteEdit, type RoutingState, trialWait } from '@moru/types';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReason } from '../../instances/use-instance-actions.ts';
import { AccessTable } from '../../trials/access-table.tsx';
import { Administrator } from '../../trials/administrator.tsx';
import { TrialFooter } from '../../trials/trial-footer.tsx';
import { TrialSettings } from '../../trials/trial-settings.tsx';
import { useAcknowledgement } from '../../trials/use-acknowledgement.tsx';
import { Verdict } from '../../trials/verdict.tsx';
import { Banner } from '../../ui/banner.tsx';
import { buttonLook } from '../../ui/button.tsx';
import { Crumbs } from '../../ui/crumbs.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { routesCheckQuery } from '../routing-queries.ts';
import { BeforeAfter } from './before-after.tsx';
import { KeepChoice } from './keep-choice.tsx';
import { Losers } from './losers.tsx';
import { RouteErrors } from './route-errors.tsx';
import { Steps } from './steps.tsx';
import { useStartRoutes } from './use-start-routes.ts';

interface RoutesReviewProps {
  instance: Instance;
  state: RoutingState;
  /** null: the address names none that can be read */
  edits: RouteEdit[] | null;
}

/** What is about to happen to the host's routes, who could still reach it, and the press that tries it. */
export function RoutesReview({ instance, state, edits }: RoutesReviewProps) {
  const { t } = useTranslation();
  const reason = useReason();
  const [administrator, setAdministrator] = useState<string | null | undefined>(undefined);
  const [note, setNote] = useState('');
  const [wait, setWait] = useState<number>(trialWait.default);
  const [keep, setKeep] = useState(false);
  const closed = reason('change.check', instance);
  const { revision } = state;
  const check = useQuery({
    ...routesCheckQuery(instance.id, { revision, edits: edits ?? [], administrator }),
    enabled: edits !== null && closed === null,
    placeholderData: keepPreviousData,
  });
  const answer = check.data ?? null;
  const checked = answer?.routes;
  const plan = checked?.plan ?? null;
  const access = answer?.access ?? null;
  const isChecking = check.isFetching && closed === null;
  const known = useAcknowledgement(access, instance.name);
  const keepable = plan !== null && plan.keep.files.length > 0;
  const start = useStartRoutes(instance.id, {
    revision: checked?.revision ?? revision,
    edits: edits ?? [],
    keep: keep && keepable,
    note,
    waitSeconds: wait,
    administrator: administrator === undefined ? (answer?.administrator ?? undefined) : administrator,
    acknowledged: known.acknowledged,
    deleted: plan?.deleted ?? [],
  });
  const changes = plan !== null && plan.deleted.length + plan.added.length > 0;
  const startReason =
    closed ??
    reason('trial.start', instance) ??
    (edits === null ? t('routesReview.nothing') : null) ??
    (isChecking ? t('worst.checking') : null) ??
    (check.error ? t('review.checkFirst') : null) ??
    (plan === null ? t('routesReview.wrong') : null) ??
    (changes ? null : t('routesReview.same')) ??
    known.missing;
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-testid="routes-review">
      <div className="min-h-0 flex-1 overflow-auto px-4 py-4 narrow:px-12">
        <Crumbs
          items={[
            <Link key="list" to="/instances" className="hover:underline">
              {t('instances.title')}
            </Link>,
            instance.name,
            <Link
              key="routing"
              to="/instances/$instanceId/routing"
              params={{ instanceId: instance.id }}
              className="hover:underline"
            >
              {t('network.routing')}
            </Link>,
            t('routesReview.title'),
          ]}
        />
        <h1 className="mt-1 mb-3 text-[28px] leading-tight font-semibold">
          {instance.name}{' '}
          <span className="text-18 font-normal text-fg-2">
            {t('review.applyTo', { address: instance.networkInterfaces[0]?.privateIp ?? '' })}
          </span>
        </h1>
        {closed && <Banner tone="info" title={closed} />}
        {!closed && edits === null && (
          <Banner tone="warn" title={t('routesReview.nothing')}>
            {t('routesReview.nothingText')}
          </Banner>
        )}
        {!closed && edits !== null && (
          <Verdict
            check={{ answer, error: check.error, isChecking }}
            hostname={access?.hostname ?? instance.name}
            subject="routes"
          />
        )}
        {check.error && !isChecking && (
          <FailureNotice error={check.error} onRetry={() => check.refetch()} className="mt-3.5" />
        )}
        {!closed && edits !== null && (
          <div className="mt-3.5 grid gap-3.5 wide:grid-cols-[minmax(0,1fr)_372px]">
            <div className="grid min-w-0 content-start gap-3.5">
              {checked && <RouteErrors errors={checked.errors} />}
              {plan && !changes && <Banner tone="info" title={t('routesReview.same')} />}
              {plan?.warnings.map(({ code, specification }) => (
                <Banner
                  key={`${code} ${specification}`}
                  tone={code === 'noDefaultLeft' ? 'bad' : 'warn'}
                  title={t(`routesReview.warning.${code}`)}
                />
              ))}
              {plan && <Losers peers={plan.peers} />}
              {access && (
                <AccessTable
                  instanceId={instance.id}
                  access={access}
                  administrator={
                    <Administrator
                      address={administrator === undefined ? (answer?.administrator ?? null) : administrator}
                      onChange={setAdministrator}
                    />
                  }
                />
              )}
              {plan && <Steps plan={plan} />}
              {plan && <BeforeAfter before={state.outputs.route.text} after={plan.table} />}
              {!answer && isChecking && <Skeleton rows={4} />}
            </div>
            <div className="grid content-start gap-3.5">
              <TrialSettings wait={wait} onWait={setWait} note={note} onNote={setNote}>
                {plan && (
                  <KeepChoice keep={plan.keep} keeper={state.keeper} isSelected={keep} onChange={setKeep} />
                )}
              </TrialSettings>
              <Banner tone="warn" stacked title={t('disconnect.caution')}>
                {t('routesReview.caution')}
              </Banner>
            </div>
          </div>
        )}
      </div>
      <TrialFooter
        back={
          <Link
            to="/instances/$instanceId/routing"
            params={{ instanceId: instance.id }}
            className={buttonLook({})}
            data-testid="back"
          >
            {t('routesReview.back')}
          </Link>
        }
        start={start}
        known={known}
        reason={startReason}
        wait={wait}
      />
    </div>
  );
}
