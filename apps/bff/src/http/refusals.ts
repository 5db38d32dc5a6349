import { type ProblemCode, ProblemError, type ReasonCode } from '@moru/types';

const codeOfReason: Record<ReasonCode, ProblemCode> = {
  adminOnly: 'role.insufficient',
  memberOnly: 'role.insufficient',
  noFreeInterface: 'networkInterface.hasPublicIp',
  noPublicIp: 'networkInterface.noPublicIp',
  publicIpPending: 'publicIp.pending',
  instanceGone: 'instance.state',
  notActive: 'instance.state',
  notStopped: 'instance.state',
  taskRunning: 'instance.state',
  instanceFailed: 'instance.state',
};

/** The problem that a refused capability is answered with; the console shows the same reason in its menus. */
export function refusalOf(reason: ReasonCode): ProblemError {
  return new ProblemError(codeOfReason[reason]);
}
