import { type AccessReport, type Acknowledgement, ProblemError } from '@moru/types';
import type { AccessJudgement } from './report.ts';

/** A change that may cut off whoever makes it, and was not acknowledged; `access` says how. */
export class NotAcknowledged extends ProblemError {
  readonly access: AccessReport;

  constructor(code: 'trial.pathLost' | 'trial.pathUnknown', access: AccessReport) {
    super(code);
    this.access = access;
  }
}

const same = (a: string, b: string) => a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase();

/** Throws NotAcknowledged unless what the change loses was seen: a lost way needs the host's name, others a tick each. */
export async function assertAcknowledged(
  judgement: AccessJudgement,
  { hostname, paths }: Acknowledgement,
): Promise<void> {
  const { lost, unknown } = judgement.needs;
  if (lost.length > 0 && !same((hostname ?? '').trim(), judgement.hostname)) {
    throw new NotAcknowledged('trial.pathLost', await judgement.report());
  }
  if (unknown.some((id) => !paths.includes(id))) {
    throw new NotAcknowledged('trial.pathUnknown', await judgement.report());
  }
}
