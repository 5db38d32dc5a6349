import type { InstanceStatus, PowerState } from '@moru/kakaocloud';

/** What an instance is while nothing is done to it; `building` until it ran for the first time. */
export type VmState = 'building' | 'active' | 'stopped' | 'error';

export type Task = 'create' | 'start' | 'stop' | 'hard-reboot' | 'rebuild' | 'delete';

/** What happens to the host behind the instance while a stage lasts. */
export type HostStep = 'start' | 'stop' | 'reboot' | 'rebuild' | 'remove';

interface Stage {
  /** shown as the instance's status, and as its task */
  status: Transition;
  host?: HostStep;
}

interface Course {
  from: readonly VmState[];
  stages: readonly Stage[];
  /** null: the instance is gone */
  to: 'active' | 'stopped' | null;
}

/**
 * States, tasks and the way between them (reference/kakaocloud.md B.1 to B.3). Not documented, and strict here: names
 * of the states behind powering-on and deleting, and from where a rebuild and a deletion may start; both are open to an
 * instance that rests or has failed, and to none that something is being done to.
 */
export const courses: Record<Task, Course> = {
  create: { from: ['building'], stages: [{ status: 'spawning', host: 'start' }], to: 'active' },
  start: { from: ['stopped'], stages: [{ status: 'powering-on', host: 'start' }], to: 'active' },
  stop: { from: ['active'], stages: [{ status: 'powering-off', host: 'stop' }], to: 'stopped' },
  'hard-reboot': {
    from: ['active', 'stopped'],
    stages: [{ status: 'rebooting_hard' }, { status: 'rebooting_started_hard', host: 'reboot' }],
    to: 'active',
  },
  rebuild: {
    from: ['active', 'stopped', 'error'],
    stages: [{ status: 'rebuild_spawning', host: 'rebuild' }],
    to: 'active',
  },
  delete: {
    from: ['active', 'stopped', 'error'],
    stages: [{ status: 'deleting', host: 'remove' }],
    to: null,
  },
};

export const transitions = [
  'spawning',
  'powering-on',
  'powering-off',
  'rebooting_hard',
  'rebooting_started_hard',
  'rebuild_spawning',
  'deleting',
] as const satisfies InstanceStatus[];
export type Transition = (typeof transitions)[number];

/** How long each transition lasts at least, in ms; longer where the host takes longer. */
export type Durations = Record<Transition, number>;

/** Long enough to be seen, short enough to wait for. How long the real ones last is not documented. */
export const defaultDurations: Durations = {
  spawning: 5000,
  'powering-on': 3000,
  'powering-off': 2500,
  rebooting_hard: 1000,
  rebooting_started_hard: 2500,
  rebuild_spawning: 5000,
  deleting: 2500,
};

/** Why the instance cannot begin the task now, or null when it can. */
export function refusal(
  task: Task,
  instance: { vm_state: VmState; task_state: string | null },
): string | null {
  const { vm_state, task_state } = instance;
  if (task_state !== null) return `The instance is ${task_state}: wait until that is done`;
  const { from } = courses[task];
  if (from.includes(vm_state)) return null;
  return `Cannot ${task} while the instance is ${vm_state}: it must be ${from.join(' or ')}`;
}

export const powerOf: Record<VmState, PowerState> = {
  building: 'NOSTATE',
  active: 'RUNNING',
  stopped: 'SHUTDOWN',
  error: 'NOSTATE',
};
