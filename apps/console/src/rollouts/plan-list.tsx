import { type ChainDifference, isWarning, type RolloutChanges, type RolloutHostPlan } from '@moru/types';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFailureWords } from '../http/failure-words.ts';
import { RequestError } from '../http/request-error.ts';
import { State, type StateKind } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Icon } from '../ui/icon.tsx';
import { nameOf } from './rule-choice.tsx';

const kinds: Record<RolloutHostPlan['state'], StateKind> = {
  ready: 'calm',
  unchanged: 'off',
  refused: 'lost',
};

/** What would become of each host: how much changes, what to know of it, or why it cannot be among them. */
export function PlanList({ hosts }: { hosts: readonly RolloutHostPlan[] }) {
  const { t } = useTranslation();
  return (
    <ul aria-label={t('rollout.preview')}>
      {hosts.map((host) => (
        <HostPlan key={host.instanceId} host={host} />
      ))}
    </ul>
  );
}

function HostPlan({ host }: { host: RolloutHostPlan }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const { name, state, changes, notes, problem, difference } = host;
  return (
    <li
      data-testid="host-plan"
      data-state={state}
      className="grid gap-1 border-b border-line px-4 py-2.5 last:border-0"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <b className="min-w-28">{name}</b>
        <State kind={kinds[state]}>{t(`rollout.plan.${state}`)}</State>
        <ChangeCount changes={changes} />
        <span className="flex-1" />
        {difference.length > 0 && (
          <Button
            size="xs"
            look="quiet"
            aria-expanded={opened}
            aria-label={t('rollout.showOf', { name })}
            onPress={() => setOpened(!opened)}
          >
            {t('rollout.show')}
            <Icon name="chevronDown" size={12} className={cx(opened && 'rotate-180')} />
          </Button>
        )}
      </div>
      {problem && <Refusal problem={problem} />}
      {notes.map((note) => (
        <p
          key={`${note.code} ${note.place} ${note.name}`}
          data-testid={isWarning(note) ? 'host-warning' : 'host-note'}
          className={cx('flex items-start gap-1.5 text-12', isWarning(note) ? 'text-warn' : 'text-fg-2')}
        >
          <Icon name={isWarning(note) ? 'unknown' : 'info'} size={12} className="mt-0.5" />
          <span>{t(`rollout.note.${note.code}`, { place: note.place, name: note.name })}</span>
        </p>
      ))}
      {opened && <Difference difference={difference} more={host.more} />}
    </li>
  );
}

/** `+3 −1`, and policies that change. */
export function ChangeCount({ changes: { added, removed, policies } }: { changes: RolloutChanges }) {
  const { t } = useTranslation();
  if (added + removed + policies === 0) return null;
  return (
    <span className="text-fg-2 tabular-nums">
      {t('rollout.changes', { added, removed })}
      {policies > 0 && ` · ${t('rollout.policies', { count: policies })}`}
    </span>
  );
}

const ways = ['administratorSsh', 'consoleAgent'] as const;

function Refusal({ problem }: { problem: NonNullable<RolloutHostPlan['problem']> }) {
  const { t } = useTranslation();
  const words = useFailureWords()(new RequestError(problem.code, problem));
  const lost = problem.code === 'rollout.cutsOff' ? (problem.fields ?? []) : [];
  return (
    <p className="text-12 text-bad">
      {words.message}{' '}
      {lost.map(({ field, params }) => (
        <span key={`${field} ${params?.peer}`}>
          {t(`rollout.lostWay.${ways.find((way) => way === field) ?? 'other'}`, {
            peer: params?.peer ?? field,
          })}{' '}
        </span>
      ))}
      {words.upstream && (
        <span translate="no" className="font-mono">
          {words.upstream}
        </span>
      )}
    </p>
  );
}

function Difference({ difference, more }: { difference: readonly ChainDifference[]; more: number }) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-2 rounded-4 border border-line bg-canvas px-3 py-2" data-testid="difference">
      {difference.map(({ table, chain, change, policy, removed, added }) => (
        <div key={`${table} ${chain}`} className="grid gap-0.5">
          <span className="text-12 text-fg-2">
            {t(`rollout.chainFate.${change}`)}{' '}
            <span translate="no" className="font-mono font-semibold">
              {nameOf(table, chain)}
            </span>
            {policy && ` · ${t('rollout.policyChange', policy)}`}
          </span>
          {removed.map(({ number, text }) => (
            <code key={`- ${number}`} translate="no" className="font-mono text-12 wrap-anywhere text-bad">
              − {text}
            </code>
          ))}
          {added.map(({ number, text }) => (
            <code key={`+ ${number}`} translate="no" className="font-mono text-12 wrap-anywhere text-good">
              + {text}
            </code>
          ))}
        </div>
      ))}
      {more > 0 && <p className="text-12 text-fg-2">{t('rollout.moreDifferences', { count: more })}</p>}
    </div>
  );
}
