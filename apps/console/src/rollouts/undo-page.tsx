import type { Rollout } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { Crumbs } from '../ui/crumbs.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import { Section } from '../ui/section.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { RolloutForm } from './rollout-form.tsx';
import { rolloutQuery } from './rollout-queries.ts';

/** 배포 되돌리기: what a roll-out has changed is taken back, on all of its hosts or on some. */
export function UndoPage() {
  const { t } = useTranslation();
  const { rolloutId } = useParams({ from: '/shell/rollouts/$rolloutId/undo' });
  const rollout = useQuery(rolloutQuery(rolloutId));
  usePageTitle(t('rollout.undoTitle'));
  if (rollout.data) return <Undo rollout={rollout.data} />;
  return (
    <div className="p-4">
      {rollout.error ? (
        <FailureNotice error={rollout.error} onRetry={() => rollout.refetch()} />
      ) : (
        <Skeleton rows={6} />
      )}
    </div>
  );
}

function Undo({ rollout }: { rollout: Rollout }) {
  const { t } = useTranslation();
  const kept = rollout.hosts.filter(({ state }) => state === 'succeeded');
  const [without, setWithout] = useState<ReadonlySet<string>>(new Set());
  const { id: rolloutId } = rollout;
  const wanted = useMemo(() => ({ kind: 'undo', rolloutId }) as const, [rolloutId]);
  const chosen = kept.filter(({ instanceId }) => !without.has(instanceId));
  const turn = (id: string, on: boolean) => {
    const next = new Set(without);
    if (on) next.delete(id);
    else next.add(id);
    setWithout(next);
  };
  return (
    <RolloutForm
      title={t('rollout.undoOf', { name: rollout.source?.name ?? '' })}
      intro={t('rollout.introUndo')}
      wanted={wanted}
      hosts={chosen.map(({ instanceId, name }) => ({ id: instanceId, name }))}
      crumbs={
        <Crumbs
          items={[
            <Link key="tasks" to="/tasks" className="hover:underline">
              {t('shell.tasks')}
            </Link>,
            <Link key="course" to="/rollouts/$rolloutId" params={{ rolloutId }} className="hover:underline">
              {t('rollout.title')}
            </Link>,
            t('rollout.undoTitle'),
          ]}
        />
      }
      back={
        <Link to="/rollouts/$rolloutId" params={{ rolloutId }} className={buttonLook({})}>
          {t('rollout.back')}
        </Link>
      }
    >
      <Section title={t('rollout.hosts')} note={t('rollout.chosen', { count: chosen.length })}>
        <ul className="grid gap-1.5 px-4 py-3" aria-label={t('rollout.hosts')}>
          {kept.length === 0 && <li className="text-fg-2">{t('rollout.notUndone')}</li>}
          {kept.map(({ instanceId, name }) => (
            <li key={instanceId}>
              <Checkbox isSelected={!without.has(instanceId)} onChange={(on) => turn(instanceId, on)}>
                <b>{name}</b>
              </Checkbox>
            </li>
          ))}
        </ul>
      </Section>
    </RolloutForm>
  );
}
