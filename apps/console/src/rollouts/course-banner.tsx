import type { Rollout } from '@moru/types';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime } from '../i18n/format.ts';
import { useReason } from '../instances/use-instance-actions.ts';
import { Banner } from '../ui/banner.tsx';
import { Button, buttonLook } from '../ui/button.tsx';
import { Dialog, DialogBody } from '../ui/dialog.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { decideRollout, rolloutQuery } from './rollout-queries.ts';

/** What is happening, or how it ended, and what may be decided of it now. */
export function CourseBanner({ rollout }: { rollout: Rollout }) {
  const { t } = useTranslation();
  const reason = useReason();
  const [asking, setAsking] = useState(false);
  const go = useDecision(rollout.id, 'continue');
  const { can, state, hosts } = rollout;
  const words = useCourseWords(rollout);
  const mayUndo = reason('rollout.start');
  return (
    <>
      <Banner
        tone={words.tone}
        stacked
        className="max-narrow:flex-wrap max-narrow:[&>:last-child]:basis-full max-narrow:[&>:last-child]:justify-end"
        title={words.title}
        role={state === 'running' ? 'status' : 'alert'}
        actions={
          <div className="flex flex-wrap justify-end gap-2">
            {can.stop && (
              <Button
                size="sm"
                reason={reason('rollout.stop')}
                data-testid="stop-rollout"
                onPress={() => setAsking(true)}
              >
                {t('rollout.stop')}
              </Button>
            )}
            {can.continue && (
              <Button
                size="sm"
                look="primary"
                reason={reason('rollout.continue')}
                isPending={go.isPending}
                data-testid="continue-rollout"
                onPress={() => go.mutate()}
              >
                {t('rollout.continue')}
              </Button>
            )}
            {can.undo &&
              (mayUndo ? (
                <Button size="sm" icon="undo" reason={mayUndo} data-testid="undo-rollout">
                  {t('rollout.undo')}
                </Button>
              ) : (
                <Link
                  to="/rollouts/$rolloutId/undo"
                  params={{ rolloutId: rollout.id }}
                  className={buttonLook({ size: 'sm' })}
                  data-testid="undo-rollout"
                >
                  {t('rollout.undo')}
                </Link>
              ))}
          </div>
        }
      >
        {words.text}
      </Banner>
      {go.error && <FailureNotice error={go.error} />}
      {asking && hosts.length > 0 && <StopDialog id={rollout.id} onClose={() => setAsking(false)} />}
    </>
  );
}

function useCourseWords({ state, stop, hosts }: Rollout) {
  const { t } = useTranslation();
  const count = (wanted: string) => hosts.filter((host) => host.state === wanted).length;
  if (state === 'paused') {
    const name = hosts.find(({ wave }) => wave === 0)?.name ?? '';
    return {
      tone: 'warn',
      title: t('rollout.pausedTitle'),
      text: t('rollout.pausedText', { name }),
    } as const;
  }
  if (state === 'running') {
    const title = t('rollout.courseState.running');
    return { tone: 'info', title, text: t(stop ? 'rollout.stopping' : 'rollout.runningText') } as const;
  }
  if (state === 'succeeded') return { tone: 'good', title: t('rollout.succeededTitle'), text: '' } as const;
  const left = t('rollout.failedText', { kept: count('succeeded'), untouched: count('untouched') });
  const by =
    stop?.why === 'asked' ? t('rollout.stoppedBy', { name: stop.by ?? '', time: clockTime(stop.at) }) : '';
  return { tone: 'lost', title: t('rollout.failedTitle'), text: `${by} ${left}`.trim() } as const;
}

function useDecision(id: string, what: 'stop' | 'continue', onDone?: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => decideRollout[what](id),
    onSuccess: (rollout) => {
      queries.setQueryData(rolloutQuery(id).queryKey, rollout);
      onDone?.();
    },
    onError: () => void queries.invalidateQueries({ queryKey: ['rollouts'] }),
  });
}

function StopDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const stop = useDecision(id, 'stop', onClose);
  return (
    <Dialog
      title={t('rollout.stopTitle')}
      role="alertdialog"
      testId="stop-dialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose} autoFocus>
            {t('common.cancel')}
          </Button>
          <Button
            look="bad"
            isPending={stop.isPending}
            data-testid="confirm-stop"
            onPress={() => stop.mutate()}
          >
            {t('rollout.stop')}
          </Button>
        </>
      }
    >
      <DialogBody>
        <p>{t('rollout.stopText')}</p>
        {stop.error && <FailureNotice error={stop.error} />}
      </DialogBody>
    </Dialog>
  );
}
