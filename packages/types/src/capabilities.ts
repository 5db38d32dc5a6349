import type { Instance } from './instances.ts';
import type { OperationKind } from './operations.ts';
import type { Role } from './session.ts';

/** Why an action cannot be taken now; the console's catalogue has the words (`reason.<code>`). */
export type ReasonCode =
  | 'adminOnly'
  | 'memberOnly'
  | 'noFreeInterface'
  | 'noPublicIp'
  | 'publicIpPending'
  | 'instanceGone'
  | 'notActive'
  | 'notStopped'
  | 'taskRunning'
  | 'instanceFailed';

export type Action =
  | 'publicIp.connect'
  | 'publicIp.disconnect'
  | 'publicIp.create'
  | 'publicIp.describe'
  | 'operation.continue'
  | 'operation.undo'
  | 'firewall.view'
  | 'firewall.change'
  | 'firewall.save'
  | 'firewall.zero'
  | 'sshguard.unblock'
  | 'chain.mark'
  | 'routing.view'
  | 'change.check'
  | 'draft.keep'
  | 'trial.view'
  | 'trial.start'
  | 'trial.confirm'
  | 'trial.confirmForOther'
  | 'trial.revert'
  | 'trial.extend'
  | 'rollout.plan'
  | 'rollout.start'
  | 'rollout.stop'
  | 'rollout.continue'
  | 'instance.ssh'
  | 'instance.start'
  | 'instance.stop'
  | 'instance.hardReboot'
  | 'instance.rebuild'
  | 'instance.delete'
  | 'instance.update'
  | 'instance.create'
  | 'keyPair.create'
  | 'keyPair.delete'
  | 'host.view'
  | 'host.enrol'
  | 'host.approve'
  | 'host.revoke'
  | 'authority.rotate'
  | 'audit.view'
  | 'apiToken.create';

type Facts = Pick<Instance, 'status' | 'task' | 'networkInterfaces'>;

interface Policy {
  /** lowest role that may */
  role: Role;
  /** what the instance must be; the first reason that applies is shown */
  reason?: (instance: Facts) => ReasonCode | null;
}

const rank: Record<Role, number> = { reader: 0, member: 1, admin: 2 };

const gone = (instance: Facts): ReasonCode | null =>
  instance.status === 'deleted' || instance.status === 'deleting' ? 'instanceGone' : null;

const notRunning = (instance: Facts): ReasonCode | null =>
  instance.status === 'active' ? null : 'notActive';

/** Something is being done to it, or it is in a state that nothing begins from. */
const underWay = (instance: Facts): ReasonCode | null =>
  instance.task !== null || !['active', 'stopped', 'error'].includes(instance.status) ? 'taskRunning' : null;

/** From where each may begin (reference/kakaocloud.md B.3): a rest, and for the last two a failure too. */
const mayStart = (instance: Facts): ReasonCode | null =>
  gone(instance) ?? underWay(instance) ?? (instance.status === 'stopped' ? null : 'notStopped');
const mayStop = (instance: Facts): ReasonCode | null =>
  gone(instance) ?? underWay(instance) ?? notRunning(instance);
const mayReboot = (instance: Facts): ReasonCode | null =>
  gone(instance) ?? underWay(instance) ?? (instance.status === 'error' ? 'instanceFailed' : null);
const mayBeReplaced = (instance: Facts): ReasonCode | null => gone(instance) ?? underWay(instance);

/**
 * Who may do what, and when (design/screens.md, "Who may do what"). The menus and the BFF read this one map,
 * so a button is never offered that the BFF then refuses for its role.
 */
const policies: Record<Action, Policy> = {
  'publicIp.connect': {
    role: 'admin',
    reason: (instance) =>
      gone(instance) ??
      (instance.networkInterfaces.some((nic) => nic.publicIp === null) ? null : 'noFreeInterface'),
  },
  'publicIp.disconnect': {
    role: 'admin',
    reason: (instance) => {
      const held = instance.networkInterfaces.flatMap((nic) => nic.publicIp ?? []);
      if (held.length === 0) return gone(instance) ?? 'noPublicIp';
      return held.every((ip) => ip.status === 'attaching') ? 'publicIpPending' : null;
    },
  },
  'publicIp.create': { role: 'admin' },
  'publicIp.describe': { role: 'admin' },
  // of what was ordered, whoever may order it: `deciding`
  'operation.continue': { role: 'member' },
  'operation.undo': { role: 'member' },
  'firewall.view': { role: 'reader' },
  'firewall.change': { role: 'admin', reason: notRunning },
  'firewall.save': { role: 'admin', reason: notRunning },
  'firewall.zero': { role: 'admin', reason: notRunning },
  'sshguard.unblock': { role: 'admin', reason: notRunning },
  'chain.mark': { role: 'admin', reason: notRunning },
  'routing.view': { role: 'reader' },
  'change.check': { role: 'member' },
  'draft.keep': { role: 'member' },
  'trial.view': { role: 'reader' },
  'trial.start': { role: 'admin', reason: notRunning },
  // what is under way has to end, whatever the cloud says of the instance
  'trial.confirm': { role: 'admin' },
  'trial.confirmForOther': { role: 'admin' },
  'trial.revert': { role: 'admin' },
  'trial.extend': { role: 'admin' },
  'rollout.plan': { role: 'admin' },
  'rollout.start': { role: 'admin' },
  'rollout.stop': { role: 'admin' },
  'rollout.continue': { role: 'admin' },
  'host.view': { role: 'reader' },
  'host.enrol': { role: 'admin', reason: gone },
  'host.approve': { role: 'admin' },
  'host.revoke': { role: 'admin' },
  'authority.rotate': { role: 'admin' },
  'audit.view': { role: 'reader' },
  'apiToken.create': { role: 'admin' },
  'instance.start': { role: 'member', reason: mayStart },
  'instance.stop': { role: 'member', reason: mayStop },
  'instance.hardReboot': { role: 'member', reason: mayReboot },
  'instance.rebuild': { role: 'admin', reason: mayBeReplaced },
  'instance.delete': { role: 'admin', reason: mayBeReplaced },
  'instance.update': { role: 'admin', reason: gone },
  'instance.create': { role: 'admin' },
  'keyPair.create': { role: 'admin' },
  'keyPair.delete': { role: 'admin' },
  'instance.ssh': { role: 'reader', reason: (instance) => gone(instance) ?? notRunning(instance) },
};

const deciding: Record<OperationKind, Action> = {
  'publicIp.connect': 'publicIp.connect',
  'publicIp.move': 'publicIp.connect',
  'publicIp.disconnect': 'publicIp.disconnect',
  'publicIp.release': 'publicIp.disconnect',
  'instance.start': 'instance.start',
  'instance.stop': 'instance.stop',
  'instance.hardReboot': 'instance.hardReboot',
  'rollout.apply': 'rollout.continue',
};

/** What a role has to allow for going on with an operation that stopped half way, or taking it back. */
export function actionOfDeciding(kind: OperationKind): Action {
  return deciding[kind];
}

/** The lowest role that may take the action. */
export function requiredRole(action: Action): Role {
  return policies[action].role;
}

/** Whether one role may do no more than the other. */
export function isWithin(role: Role, limit: Role): boolean {
  return rank[role] <= rank[limit];
}

export function roleAllows(role: Role, action: Action): boolean {
  return rank[role] >= rank[policies[action].role];
}

/** Null when the action is open to this role on this instance now, else the reason to show beside it. */
export function whyNot(action: Action, role: Role, instance?: Facts): ReasonCode | null {
  if (!roleAllows(role, action)) return requiredRole(action) === 'member' ? 'memberOnly' : 'adminOnly';
  return instance ? (policies[action].reason?.(instance) ?? null) : null;
}
