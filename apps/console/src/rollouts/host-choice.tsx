import { type Instance, rolloutLimits } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Address } from '../ui/address.tsx';
import { State, type StateKind } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { FilterField } from '../ui/filter-field.tsx';
import { Section } from '../ui/section.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { hostsQuery } from './rollout-queries.ts';

/** A host that somebody has chosen. */
export interface ChosenHost {
  id: string;
  name: string;
}

interface HostChoiceProps {
  /** where the rules come from: no target of its own */
  sourceId: string;
  chosen: readonly ChosenHost[];
  onChange: (chosen: readonly ChosenHost[]) => void;
}

const agentStates: Record<Instance['firewall']['agent'], StateKind> = {
  connected: 'calm',
  offline: 'lost',
  unread: 'off',
  none: 'off',
};

/** To which hosts. Which of them can be changed is told by the preview, each with its reason. */
export function HostChoice({ sourceId, chosen, onChange }: HostChoiceProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const list = useQuery(hostsQuery(text));
  const shown = (list.data?.instances ?? []).filter(({ id }) => id !== sourceId);
  const ids = new Set(chosen.map(({ id }) => id));
  const total = list.data?.page.total ?? 0;
  const add = (more: readonly ChosenHost[]) =>
    onChange([...chosen, ...more.filter(({ id }) => !ids.has(id))].slice(0, rolloutLimits.hosts));
  return (
    <Section
      title={t('rollout.targets')}
      testId="rollout-targets"
      note={<span data-testid="chosen-hosts">{t('rollout.chosen', { count: chosen.length })}</span>}
      actions={
        <>
          <Button size="sm" look="quiet" onPress={() => add(shown.map(({ id, name }) => ({ id, name })))}>
            {t('rollout.chooseShown')}
          </Button>
          <Button size="sm" look="quiet" onPress={() => onChange([])}>
            {t('rollout.clear')}
          </Button>
        </>
      }
    >
      <div className="grid gap-2 px-4 py-3">
        <FilterField label={t('rollout.filterHosts')} value={text} onChange={setText} />
        {list.error && <FailureNotice error={list.error} onRetry={() => list.refetch()} />}
        {list.isPending && <Skeleton rows={3} />}
        {list.data && shown.length === 0 && <p className="text-fg-2">{t('rollout.noHosts')}</p>}
        <ul className="grid max-h-72 gap-1.5 overflow-y-auto" aria-label={t('rollout.targets')}>
          {shown.map(({ id, name, networkInterfaces, firewall }) => (
            <li key={id} data-testid="rollout-target" className="flex flex-wrap items-center gap-x-3">
              <Checkbox
                className="min-w-44"
                isSelected={ids.has(id)}
                onChange={(on) =>
                  on ? add([{ id, name }]) : onChange(chosen.filter((each) => each.id !== id))
                }
              >
                <b>{name}</b> <Address className="text-fg-2">{networkInterfaces[0]?.privateIp ?? ''}</Address>
              </Checkbox>
              <span className="flex-1" />
              <span className="text-12">
                <State kind={agentStates[firewall.agent]}>{t(`rollout.agent.${firewall.agent}`)}</State>
              </span>
            </li>
          ))}
        </ul>
        {total > rolloutLimits.hosts && (
          <p className="text-12 text-fg-2">{t('rollout.moreHosts', { count: rolloutLimits.hosts })}</p>
        )}
        {chosen.length >= rolloutLimits.hosts && (
          <p className="text-12 text-fg-2">{t('rollout.mostHosts', { count: rolloutLimits.hosts })}</p>
        )}
      </div>
    </Section>
  );
}
