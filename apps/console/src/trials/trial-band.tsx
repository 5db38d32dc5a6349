import type { TrialView } from '@moru/types';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import type { TrialSubject } from './subject.ts';
import { deadlineWords, useCount, useMayRevert } from './trial-page.tsx';

interface TrialBandProps {
  view: TrialView;
  subject: TrialSubject;
  hostname: string;
  address: string;
  /** the agent answered over a new connection */
  agentPassed: boolean;
  /** a new SSH connection from the console did not open */
  sshFailed: boolean;
  /** the administrator said whether a new session opens */
  answered: boolean;
  /** seconds until it is reverted because something failed; null while nothing did */
  doubt: number | null;
  onStop: () => void;
  pending: boolean;
  onConfirm: () => void;
  onRevert: () => void;
  onExtend: () => void;
}

/** The count to the host's own deadline, and the two ways to end it, far apart. */
export function TrialBand(props: TrialBandProps) {
  const { view, hostname, address, agentPassed, sshFailed, answered, doubt, pending } = props;
  const { t } = useTranslation();
  const { seconds, text } = useCount(view, true);
  const mayRevert = useMayRevert();
  const [asking, setAsking] = useState(false);
  const time = deadlineWords(view);
  const trial = view.trial;
  const over = seconds === 0;
  const share =
    trial && seconds !== null ? Math.min(100, (seconds / Math.max(trial.waitSeconds, 1)) * 100) : 0;
  const confirmReason =
    mayRevert ??
    (view.mine ? null : t('trial.notMine')) ??
    (trial?.state === 'applied' ? null : t('trial.notYet')) ??
    (agentPassed ? null : t('trial.waitForProbe')) ??
    (over ? t('trial.finding') : null);
  useEscapeTwice(() => !mayRevert && !over && props.onRevert());
  return (
    <section
      aria-label={t('trial.label')}
      data-testid="trial-band"
      className="flex-none bg-anvil bg-[linear-gradient(160deg,rgb(240_120_74/.16),transparent_46%)] px-4 py-4 text-on-anvil [--focus:var(--anvil-focus)] narrow:px-12"
    >
      <div className="flex flex-wrap items-center gap-x-8 gap-y-2">
        <span
          data-testid="trial-count"
          className="text-[72px] leading-none font-semibold text-(--ember-glow) tabular-nums narrow:text-[104px]"
          aria-hidden="true"
        >
          {over ? '0:00' : text}
        </span>
        <div className="min-w-0 flex-1 basis-72">
          <p className="text-on-anvil-2">
            <b className="text-on-anvil">{hostname}</b> <span translate="no">{address}</span>
            {trial &&
              ` · ${t('trial.appliedBy', { author: view.appliedBy?.name ?? trial.author, time: clockTime(trial.startedAt) })}`}
          </p>
          <h1 className="text-21 leading-tight font-semibold">
            {over
              ? t('trial.finding')
              : view.contact
                ? t('trial.running', { time })
                : t('trial.contactLost', { time })}
          </h1>
          <p className="text-14 text-on-anvil-2">
            {view.contact ? t(`trial.doNothing.${props.subject}`) : t('trial.nothingToDo')}
          </p>
        </div>
        <Button
          look="anvil"
          icon="clock"
          className="border-anvil-control!"
          reason={
            mayRevert ??
            (view.mine ? null : t('trial.notMine')) ??
            (view.contact ? null : t('trial.noContact'))
          }
          onPress={props.onExtend}
        >
          {t('trial.extend')}
        </Button>
      </div>
      <div className="mt-3 h-2 overflow-hidden rounded-2 bg-anvil-line">
        <div
          className="h-full bg-[linear-gradient(90deg,var(--ember-700),var(--ember-500),var(--ember-glow))] motion-safe:transition-[width] motion-safe:duration-300"
          style={{ width: `${share}%` }}
        />
      </div>
      {doubt !== null && (
        <p role="alert" data-testid="doubt" className="mt-3 flex flex-wrap items-center gap-3 font-semibold">
          {t('trial.doubt', { seconds: doubt })}
          <Button size="sm" onPress={props.onStop}>
            {t('trial.keepWaiting')}
          </Button>
        </p>
      )}
      <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-3">
        <RevertButton
          reason={mayRevert ?? (over ? t('trial.finding') : null) ?? (trial ? null : t('trial.noAnswer'))}
          pending={pending}
          onRevert={props.onRevert}
        />
        <span className="text-12 text-on-anvil-2 max-narrow:hidden">
          <kbd translate="no" className="rounded-[3px] border border-anvil-control px-1.5">
            Esc
          </kbd>{' '}
          {t('trial.twice')}
        </span>
        <span className="flex-1" />
        {asking ? (
          <>
            <span>{t(sshFailed ? 'trial.askSshFailed' : 'trial.askUnanswered')}</span>
            <Button look="anvil" className="border-anvil-control!" onPress={() => setAsking(false)}>
              {t('trial.back')}
            </Button>
            <Button look="heat" data-testid="confirm-anyway" isPending={pending} onPress={props.onConfirm}>
              {t('trial.keepAnyway')}
            </Button>
          </>
        ) : (
          <>
            {(sshFailed || !answered) && !confirmReason && (
              <span className="max-w-48 text-right text-12 text-on-anvil-2">
                {[sshFailed && t('trial.sshFailed'), !answered && t('trial.unanswered')]
                  .filter(Boolean)
                  .join(' ')}
              </span>
            )}
            <Button
              look={answered ? 'heat' : 'anvil'}
              data-testid="confirm-trial"
              reason={confirmReason}
              reasonAt="above-end"
              isPending={pending}
              className={cx('h-12! min-w-48 text-14!', !answered && 'border-heat-line!')}
              onPress={() => (answered ? props.onConfirm() : setAsking(true))}
            >
              {t(`trial.keep.${props.subject}`)}
            </Button>
          </>
        )}
      </div>
    </section>
  );
}

function RevertButton({
  reason,
  pending,
  onRevert,
}: {
  reason: string | null;
  pending: boolean;
  onRevert: () => void;
}) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  // the safe way out has the focus when the page opens
  useEffect(() => button.current?.focus(), []);
  return (
    <Button
      ref={button}
      look="anvil"
      icon="undo"
      data-testid="revert-trial"
      reason={reason}
      reasonAt="below-start"
      isPending={pending}
      className="h-12! min-w-44 border-anvil-control! text-14!"
      onPress={onRevert}
    >
      {t('trial.revert')}
    </Button>
  );
}

// two presses that belong together
const twiceMs = 1_500;

function useEscapeTwice(act: () => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    let last = 0;
    const listen = (event: KeyboardEvent) => {
      if (event.code !== 'Escape' || event.defaultPrevented || event.isComposing) return;
      const now = Date.now();
      if (now - last < twiceMs) latest.current();
      last = now;
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
