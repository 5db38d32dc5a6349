import { actionOfDeciding, type Operation, type OperationStep } from '@moru/types';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFailureWords } from '../http/failure-words.ts';
import { RequestError } from '../http/request-error.ts';
import { dateTime } from '../i18n/format.ts';
import { useReason } from '../instances/use-instance-actions.ts';
import { Address } from '../ui/address.tsx';
import { State, type StateKind } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { Icon } from '../ui/icon.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { decide, itemsQuery } from './task-queries.ts';

const kinds: Record<Operation['state'], StateKind> = {
  running: 'changing',
  succeeded: 'calm',
  failed: 'lost',
  halfDone: 'unknown',
  unknown: 'unknown',
  undone: 'off',
  waiting: 'off',
  untouched: 'off',
  paused: 'unknown',
};
const stepKinds: Record<OperationStep['state'], StateKind> = {
  waiting: 'off',
  running: 'changing',
  done: 'calm',
  failed: 'lost',
  unknown: 'unknown',
  skipped: 'off',
};

/** One operation with its steps, and what may be decided of it. */
export function OperationRow({ operation }: { operation: Operation }) {
  const { t } = useTranslation();
  const what = useKindWords()(operation.kind);
  const [opened, setOpened] = useState(false);
  const { subject, items, problem } = operation;
  const partly = operation.state === 'failed' && items !== null && items.succeeded > 0;
  const stopped = operation.state === 'failed' && items !== null && operation.kind === 'rollout.apply';
  return (
    <li
      data-testid="operation"
      data-state={operation.state}
      className="grid gap-1.5 border-b border-line px-4 py-3 last:border-0"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <State kind={kinds[operation.state]} strong={operation.state !== 'succeeded'}>
          {t(`tasks.state.${stopped ? 'stopped' : partly ? 'partly' : operation.state}`)}
        </State>
        <b>{what}</b>
        {subject.address && <Address>{subject.address}</Address>}
        {subject.instanceId && (
          <Link
            to="/instances/$instanceId/network"
            params={{ instanceId: subject.instanceId }}
            className="text-link"
          >
            {subject.instanceName ?? subject.instanceId}
          </Link>
        )}
        {items && (
          <span className="text-fg-2 tabular-nums">
            {t('tasks.items', { done: items.succeeded, total: items.total, failed: items.failed })}
          </span>
        )}
        {items && (
          <Button
            size="xs"
            look="quiet"
            aria-expanded={opened}
            aria-label={t('tasks.eachOf', { what: `${what} ${dateTime(operation.createdAt)}` })}
            data-testid="show-items"
            onPress={() => setOpened(!opened)}
          >
            {t('tasks.each')}
            <Icon name="chevronDown" size={12} className={cx(opened && 'rotate-180')} />
          </Button>
        )}
        {operation.kind === 'rollout.apply' && items && (
          <Link to="/rollouts/$rolloutId" params={{ rolloutId: operation.id }} className="text-link">
            {t('tasks.details')}
          </Link>
        )}
        <span className="flex-1" />
        <span className="text-12 text-fg-3 tabular-nums">
          {operation.actor.name} · {dateTime(operation.createdAt)}
        </span>
        <Decisions operation={operation} />
      </div>
      {operation.steps.length > 0 && (
        <ol aria-label={t('tasks.steps')} className="flex flex-wrap items-center gap-x-2 gap-y-1 text-12">
          {operation.steps.map((step, index) => (
            <li key={step.name} className="flex items-center gap-x-2">
              {index > 0 && <Icon name="chevronRight" size={11} className="text-fg-3" />}
              <Step step={step} />
            </li>
          ))}
        </ol>
      )}
      {problem && <Problem problem={problem} />}
      {items && opened && <Items of={operation} />}
    </li>
  );
}

/** Each item of a bulk operation with its own outcome, and with what may be decided of it. */
function Items({ of: { id, updatedAt } }: { of: Operation }) {
  const { t } = useTranslation();
  const list = useQuery(itemsQuery(id, updatedAt));
  return (
    <div className="rounded-4 border border-line bg-canvas">
      {list.isPending && <Skeleton rows={2} />}
      {list.error && <FailureNotice error={list.error} onRetry={() => list.refetch()} />}
      <ul aria-label={t('tasks.each')}>
        {list.data?.operations.map((operation) => (
          <OperationRow key={operation.id} operation={operation} />
        ))}
      </ul>
    </div>
  );
}

/** Orders to instances are called as where they are given. */
function useKindWords(): (kind: Operation['kind']) => string {
  const { t } = useTranslation();
  return (kind) => {
    const [thing, act = ''] = kind.split('.');
    return thing === 'instance'
      ? t(`lifecycle.title.${act as 'start'}`)
      : t(`tasks.kind.${act as 'connect'}`);
  };
}

const stepNames = [
  'attach',
  'attachNew',
  'detach',
  'delete',
  'settle',
  'order',
  'try',
  'prove',
  'keep',
] as const;

/** What is done, and how far it has come where it is not simply done. */
function Step({ step: { name, state } }: { step: OperationStep }) {
  const { t } = useTranslation();
  const what = t(`tasks.step.${stepName(name)}`);
  return (
    <State kind={stepKinds[state]}>
      {name.startsWith(undoPrefix) ? t('tasks.stepUndone', { what }) : what}{' '}
      <span className={cx('text-fg-3', state === 'done' && 'sr-only')}>{t(`tasks.stepState.${state}`)}</span>
    </State>
  );
}

const undoPrefix = 'undo.';

/** A step that takes one back has `undo.` before its name. */
function stepName(name: string): (typeof stepNames)[number] | 'other' {
  const plain = name.startsWith(undoPrefix) ? name.slice(undoPrefix.length) : name;
  return stepNames.find((known) => known === plain) ?? 'other';
}

function Problem({ problem }: { problem: NonNullable<Operation['problem']> }) {
  const words = useFailureWords()(new RequestError(problem.code, problem));
  return (
    <p className="text-12 text-fg-2">
      {words.message}{' '}
      {words.upstream && (
        <span translate="no" className="font-mono">
          {words.upstream}
        </span>
      )}
    </p>
  );
}

function Decisions({ operation }: { operation: Operation }) {
  const { t } = useTranslation();
  const notMine = useReason()(actionOfDeciding(operation.kind));
  const queries = useQueryClient();
  const decision = useMutation({
    mutationFn: (what: keyof typeof decide) => decide[what](operation.id),
    onSettled: () => {
      for (const key of ['operations', 'instances', 'instance', 'public-ips']) {
        void queries.invalidateQueries({ queryKey: [key] });
      }
    },
  });
  return (
    <>
      {operation.can.continue && (
        <Button
          size="sm"
          look="primary"
          reason={notMine}
          isPending={decision.isPending}
          onPress={() => decision.mutate('continue')}
        >
          {t('tasks.continue')}
        </Button>
      )}
      {operation.can.undo && (
        <Button
          size="sm"
          icon="undo"
          reason={notMine}
          isPending={decision.isPending}
          onPress={() => decision.mutate('undo')}
        >
          {t('tasks.undo')}
        </Button>
      )}
      {decision.error && <FailureNotice error={decision.error} className="basis-full" />}
    </>
  );
}
