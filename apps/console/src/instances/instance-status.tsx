import type { Instance } from '@moru/types';
import type { TFunction } from 'i18next';
import { State, type StateKind } from '../ui/badge.tsx';
import { Elapsed } from '../ui/elapsed.tsx';

const kinds: Record<string, StateKind> = {
  active: 'calm',
  stopped: 'off',
  shelved_offloaded: 'off',
  deleted: 'off',
  error: 'lost',
};

// as the cloud spells what it is doing (reference/kakaocloud.md B.1); it may do more than is documented
const underWay = {
  spawning: 'create',
  'powering-on': 'start',
  'powering-off': 'stop',
  rebooting_hard: 'reboot',
  rebooting_started_hard: 'reboot',
  rebuild_spawning: 'rebuild',
  deleting: 'delete',
} as const;

function isUnderWay(state: string): state is keyof typeof underWay {
  return Object.hasOwn(underWay, state);
}

/** States stand as the cloud spells them, first letter raised: Active, Stopped, Shelved offloaded. */
export function statusWords(status: string): string {
  const words = status.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What is under way in the reader's words; a state at rest, and what is not known, as the cloud has it. */
export function stateName(state: string, t: TFunction): string {
  const known = state.toLowerCase();
  return isUnderWay(known) ? t(`instances.underWay.${underWay[known]}`) : statusWords(state);
}

interface InstanceStatusProps {
  instance: Pick<Instance, 'status' | 'task' | 'taskSince'>;
  /** of the caller: a list has many */
  t: TFunction;
}

/** Anything that is neither a resting state nor an error is on its way to one: what is done, and for how long already. */
export function InstanceStatus({ instance, t }: InstanceStatusProps) {
  const { status, task, taskSince } = instance;
  const kind = task ? 'changing' : (kinds[status.toLowerCase()] ?? 'changing');
  const shown = task ?? status;
  return (
    <State kind={kind}>
      <span {...(isUnderWay(shown.toLowerCase()) ? { title: statusWords(shown) } : { translate: 'no' })}>
        {stateName(shown, t)}
      </span>
      {taskSince && <Elapsed since={taskSince} />}
    </State>
  );
}
