import type { Instance, TrialView as View } from '@moru/types';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime, countText } from '../i18n/format.ts';
import { useReason } from '../instances/use-instance-actions.ts';
import { useAnnounce } from '../ui/announcer.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { isSaid, useSecondsLeft } from './countdown.ts';
import { Outcome } from './outcome.tsx';
import { ProbeRows } from './probe-rows.tsx';
import { subjectOf, type TrialSubject } from './subject.ts';
import { TrialBand } from './trial-band.tsx';
import { currentTrialQuery, isRunning, probesQuery, trialActions, trialQuery } from './trial-queries.ts';

interface TrialPageProps {
  view: View;
  instance: Instance;
  /** what this page changes, as long as the host has not said it */
  subject?: TrialSubject;
  /** a button that writes what was kept for the next boot; absent where nothing but a trial does */
  save?: ReactNode;
  onLeave: () => void;
  /** the change itself, where it is known here */
  children?: ReactNode;
}

/** The page while a change waits for its confirmation, and how it ended. */
export function TrialPage({ view, instance, subject, save, onLeave, children }: TrialPageProps) {
  const running = isRunning(view);
  const trial = view.trial;
  const [third, setThird] = useState<'yes' | 'no' | null>(null);
  const probes = useQuery(probesQuery(instance.id, trial?.id ?? '', running && trial?.state === 'applied'));
  const agentPassed = probes.data?.agent.state === 'passed';
  const act = useTrialAction(view);
  const failing = useFailures(probes.data?.agent);
  // that a revert was not answered matters no more once the host has reverted
  const isMoot = !running && act.variables?.type === 'revert' && trial?.state === 'reverted';
  const { seconds: doubt, stop } = useDoubt(running && view.mine && (failing >= 2 || third === 'no'), () =>
    act.mutate({ type: 'revert', reason: third === 'no' ? 'asked' : 'probe' }),
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-auto" data-testid="trial">
      {running ? (
        <TrialBand
          view={view}
          subject={subjectOf(view, subject)}
          hostname={instance.name}
          address={instance.networkInterfaces[0]?.privateIp ?? ''}
          agentPassed={agentPassed}
          sshFailed={probes.data?.ssh.state === 'failed'}
          answered={third !== null}
          doubt={doubt}
          onStop={stop}
          pending={act.isPending}
          onConfirm={() => act.mutate({ type: 'confirm' })}
          onRevert={() => act.mutate({ type: 'revert', reason: 'asked' })}
          onExtend={() => act.mutate({ type: 'extend' })}
        />
      ) : (
        <Outcome view={view} save={save} onLeave={onLeave} />
      )}
      {act.error && !isMoot && <FailureNotice error={act.error} className="mx-4 mt-3 narrow:mx-12" />}
      <div className="grid content-start gap-3.5 px-4 py-4 narrow:px-12">
        {running && trial && (
          <ProbeRows probes={probes.data ?? null} instance={instance} answer={third} onAnswer={setThird} />
        )}
        {children}
      </div>
    </div>
  );
}

type Action = { type: 'confirm' } | { type: 'revert'; reason: 'asked' | 'probe' } | { type: 'extend' };

// two minutes on top of what is left, as the button says
const extendSeconds = 120;

function useTrialAction(view: View) {
  const queries = useQueryClient();
  const { instanceId, trial, deadlineAt } = view;
  return useMutation({
    mutationFn: (action: Action) => {
      const id = trial?.id ?? '';
      if (action.type === 'confirm') return trialActions.confirm(instanceId, id);
      if (action.type === 'revert') return trialActions.revert(instanceId, id, action.reason);
      const left = deadlineAt ? Math.max(0, Math.round((Date.parse(deadlineAt) - Date.now()) / 1000)) : 0;
      return trialActions.extend(instanceId, id, Math.min(left + extendSeconds, 600));
    },
    onSuccess: (next) => {
      if (trial) queries.setQueryData(trialQuery(instanceId, trial.id).queryKey, next);
      if (!isRunning(next)) queries.setQueryData(currentTrialQuery(instanceId).queryKey, null);
    },
    // it may have been done all the same: the host's record says
    onSettled: () => queries.invalidateQueries({ queryKey: ['trial', instanceId] }),
  });
}

/** How often in a row the agent could not be reached over a new connection. */
function useFailures(probe: { state: string; at: string } | undefined): number {
  const [held, setHeld] = useState({ at: '', count: 0 });
  if (probe && probe.at !== held.at) {
    setHeld({ at: probe.at, count: probe.state === 'failed' ? held.count + 1 : 0 });
  }
  return held.count;
}

const doubtSeconds = 5;

/** Five seconds in which a revert that nobody pressed can be stopped. */
function useDoubt(doubtful: boolean, revert: () => void) {
  const [left, setLeft] = useState<number | null>(null);
  const [stopped, setStopped] = useState(false);
  useEffect(() => {
    if (doubtful && !stopped && left === null) setLeft(doubtSeconds);
    if (!doubtful && left !== null) setLeft(null);
    if (!doubtful && stopped) setStopped(false);
  }, [doubtful, stopped, left]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the revert of the moment when the time is up
  useEffect(() => {
    if (left === null) return;
    const timer = setTimeout(() => {
      if (left > 1) setLeft(left - 1);
      else {
        setLeft(null);
        setStopped(true);
        revert();
      }
    }, 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return {
    seconds: left,
    stop: () => {
      setStopped(true);
      setLeft(null);
    },
  };
}

/** The count in the browser tab's title and in the ear, at its marks only. */
export function useCount(view: View, running: boolean): { seconds: number | null; text: string } {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const seconds = useSecondsLeft(running ? view.deadlineAt : null);
  const [before, setBefore] = useState<number | null>(null);
  useEffect(() => {
    if (seconds === null) return;
    if (before === null) announce(t('trial.begun', { seconds }));
    else if (isSaid(before, seconds)) announce(t('trial.left', { seconds }));
    if (before !== seconds) setBefore(seconds);
  }, [seconds, before, announce, t]);
  useEffect(() => {
    if (seconds === null) return;
    const title = document.title;
    document.title = t('trial.title', { count: countText(seconds) });
    return () => {
      document.title = title;
    };
  }, [seconds, t]);
  return { seconds, text: seconds === null ? '' : countText(seconds) };
}

export const useMayRevert = () => useReason()('trial.revert');

export const deadlineWords = (view: View): string => (view.deadlineAt ? clockTime(view.deadlineAt) : '');
