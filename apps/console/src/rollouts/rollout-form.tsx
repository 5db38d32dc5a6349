import {
  isWarning,
  type RolloutHostPlan,
  type RolloutPlan,
  type RolloutWanted,
  trialWait,
} from '@moru/types';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Caution } from '../firewall/inspector/guide-notes.tsx';
import { Attempt } from '../http/attempt.ts';
import { useReason } from '../instances/use-instance-actions.ts';
import { TrialSettings } from '../trials/trial-settings.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { Section } from '../ui/section.tsx';
import { Select } from '../ui/select.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import type { ChosenHost } from './host-choice.tsx';
import { PlanList } from './plan-list.tsx';
import { planRollout, startRollout } from './rollout-queries.ts';

interface RolloutFormProps {
  crumbs: ReactNode;
  title: string;
  intro: string;
  /** null while nothing is chosen */
  wanted: RolloutWanted | null;
  hosts: readonly ChosenHost[];
  /** what and where */
  children: ReactNode;
  /** the way back */
  back: ReactNode;
}

/** What the preview was asked for, to see whether it still is what is chosen. */
const questionOf = (wanted: RolloutWanted | null, hosts: readonly ChosenHost[]) =>
  JSON.stringify([wanted, hosts.map(({ id }) => id).sort()]);

type WaveSize = 'one' | 'five' | 'fifth' | 'rest';

/** Before a roll-out: what would become of each host, in which order, and the press that begins it. */
export function RolloutForm({ crumbs, title, intro, wanted, hosts, children, back }: RolloutFormProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const forbidden = useReason()('rollout.start');
  const [attempt] = useState(() => new Attempt());
  const [canary, setCanary] = useState<string | null>(null);
  const [size, setSize] = useState<WaveSize>('five');
  const [pause, setPause] = useState(true);
  const [wait, setWait] = useState<number>(trialWait.default);
  const [note, setNote] = useState('');
  const [save, setSave] = useState(false);
  const [seen, setSeen] = useState(false);
  const preview = useMutation({
    mutationFn: async (asked: { wanted: RolloutWanted; question: string }) => ({
      plan: await planRollout({ wanted: asked.wanted, hosts: hosts.map(({ id }) => id) }),
      question: asked.question,
    }),
    onSuccess: () => setSeen(false),
  });
  const question = questionOf(wanted, hosts);
  const isCurrent = preview.data?.question === question;
  const plan = preview.data?.plan ?? null;
  const ready = plan?.hosts.filter(({ state }) => state === 'ready') ?? [];
  const first = ready.find(({ instanceId }) => instanceId === canary) ?? ready[0];
  const ordered = first ? [first, ...ready.filter((host) => host !== first)] : [];
  const isWarned = ready.some(({ notes }) => notes.some(isWarning));
  const fifth = Math.max(1, Math.ceil(ready.length / 5));
  const sizes: Record<WaveSize, number> = { one: 1, five: 5, fifth, rest: Math.max(1, ready.length - 1) };
  const start = useMutation({
    mutationFn: async () => {
      if (!wanted) throw new TypeError('nothing is chosen');
      return startRollout(
        {
          wanted,
          hosts: ordered.map(({ instanceId, revision }) => ({ instanceId, revision: revision ?? '' })),
          ...{ acknowledged: seen, waveSize: sizes[size], pauseAfterCanary: pause && ordered.length > 1 },
          ...{ waitSeconds: wait, note, save },
        },
        attempt,
      );
    },
    onSuccess: ({ id }) => void navigate({ to: '/rollouts/$rolloutId', params: { rolloutId: id } }),
  });
  const notYet =
    forbidden ??
    (wanted ? null : t('rollout.startFirst.nothing')) ??
    (hosts.length > 0 ? null : t('rollout.startFirst.hosts'));
  const startReason =
    notYet ??
    (plan && isCurrent ? null : t('rollout.startFirst.preview')) ??
    (ready.length > 0 ? null : t('rollout.startFirst.none')) ??
    (isWarned && !seen ? t('rollout.startFirst.warnings') : null);
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-testid="rollout-form">
      <div className="min-h-0 flex-1 overflow-auto px-4 py-4 narrow:px-12">
        {crumbs}
        <h1 className="mt-1 mb-1 text-21 leading-tight font-semibold">{title}</h1>
        <p className="mb-3.5 max-w-3xl text-fg-2">{intro}</p>
        {forbidden && <Banner tone="warn" title={t('rollout.forbidden')} className="mb-3.5" />}
        <div className="grid gap-3.5 wide:grid-cols-[minmax(0,1fr)_372px]">
          <div className="grid min-w-0 content-start gap-3.5">
            {children}
            <Section
              title={t('rollout.preview')}
              testId="rollout-preview"
              note={plan && <Summary plan={plan} />}
              actions={
                <Button
                  size="sm"
                  icon="sync"
                  data-testid="preview"
                  reason={notYet}
                  isPending={preview.isPending}
                  onPress={() => wanted && preview.mutate({ wanted, question })}
                >
                  {t(plan ? 'rollout.previewAgain' : 'rollout.preview')}
                </Button>
              }
            >
              {preview.error && <FailureNotice error={preview.error} className="m-3" />}
              {plan && !isCurrent && !preview.isPending && (
                <Banner tone="warn" title={t('rollout.previewOld')} className="m-3" />
              )}
              {preview.isPending && <Skeleton rows={3} />}
              {plan && !preview.isPending && (
                <div className={isCurrent ? '' : 'opacity-60'}>
                  <PlanList hosts={plan.hosts} />
                </div>
              )}
              {!plan && !preview.isPending && !preview.error && (
                <p className="px-4 py-6 text-center text-fg-2">
                  {t('rollout.previewEmpty')} {t('rollout.previewText')}
                </p>
              )}
            </Section>
          </div>
          <div className="grid content-start gap-3.5">
            <Section title={t('rollout.order')} testId="rollout-order">
              <div className="grid gap-3 px-4 py-3">
                <Labelled label={t('rollout.canary')}>
                  <Select
                    label={t('rollout.canary')}
                    options={ready.map(({ instanceId, name }) => ({ id: instanceId, label: name }))}
                    value={first?.instanceId ?? null}
                    placeholder={t('common.none')}
                    onChange={setCanary}
                  />
                </Labelled>
                <Labelled label={t('rollout.waveSize')}>
                  <Select
                    label={t('rollout.waveSize')}
                    options={(['one', 'five', 'fifth', 'rest'] as const).map((id) => ({
                      id,
                      label: t(`rollout.sizes.${id}`, { count: fifth }),
                    }))}
                    value={size}
                    onChange={(id) => setSize(id as WaveSize)}
                  />
                </Labelled>
                <Checkbox isSelected={pause} onChange={setPause}>
                  {t('rollout.pause')}
                </Checkbox>
              </div>
            </Section>
            <TrialSettings wait={wait} onWait={setWait} note={note} onNote={setNote}>
              <Checkbox isSelected={save} onChange={setSave}>
                {t('review.save')}
              </Checkbox>
            </TrialSettings>
            <Banner tone="warn" stacked title={t('disconnect.caution')}>
              <Caution />
            </Banner>
          </div>
        </div>
      </div>
      <footer className="flex flex-none flex-wrap items-center gap-3 border-t border-line-strong bg-surface px-4 py-3.5 narrow:px-12">
        {back}
        <span className="flex-1" />
        {start.error && <FailureNotice error={start.error} className="max-w-xl" />}
        {isWarned && isCurrent && (
          <Checkbox isSelected={seen} onChange={setSeen}>
            {t('rollout.acknowledge')}
          </Checkbox>
        )}
        <Button
          look="heat"
          data-testid="start-rollout"
          reason={startReason}
          reasonAt="above-end"
          isPending={start.isPending}
          onPress={() => start.mutate()}
        >
          {t('rollout.start', { count: ready.length })}
        </Button>
      </footer>
    </div>
  );
}

function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="grid gap-1">
      <span aria-hidden="true" className="text-12 text-fg-2">
        {label}
      </span>
      {children}
    </div>
  );
}

function Summary({ plan }: { plan: RolloutPlan }) {
  const { t } = useTranslation();
  const count = (wanted: RolloutHostPlan['state']) =>
    plan.hosts.filter(({ state }) => state === wanted).length;
  return (
    <span data-testid="plan-summary" role="status">
      {t('rollout.summary', {
        ready: count('ready'),
        unchanged: count('unchanged'),
        refused: count('refused'),
      })}
    </span>
  );
}
