import { type AccessReport, type Acknowledgement, ProblemError } from '@moru/types';

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
export function assertAcknowledged(access: AccessReport, { hostname, paths }: Acknowledgement): void {
  const { lost, unknown } = access.needs;
  if (lost.length > 0 && !same((hostname ?? '').trim(), access.hostname)) {
    throw new NotAcknowledged('trial.pathLost', access);
  }
  if (unknown.some((id) => !paths.includes(id))) throw new NotAcknowledged('trial.pathUnknown', access);
}
