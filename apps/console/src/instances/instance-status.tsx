import type { Instance } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { State, type StateKind } from '../ui/badge.tsx';

const kinds: Record<string, StateKind> = {
  active: 'calm',
  stopped: 'off',
  shelved_offloaded: 'off',
  deleted: 'off',
  error: 'lost',
};

/** States stand as the cloud spells them, first letter raised: Active, Stopped, Rebooting hard. */
export function statusWords(status: string): string {
  const words = status.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Anything that is neither a resting state nor an error is on its way to one. */
export function InstanceStatus({ instance }: { instance: Pick<Instance, 'status' | 'task'> }) {
  const { t } = useTranslation();
  const kind = instance.task ? 'changing' : (kinds[instance.status.toLowerCase()] ?? 'changing');
  return (
    <State kind={kind}>
      <span translate="no">{statusWords(instance.status)}</span>
      {instance.task && (
        <span className="text-12 text-fg-3">{t('instances.task', { task: statusWords(instance.task) })}</span>
      )}
    </State>
  );
}
