import type { Problem } from '@moru/types';

/**
 * - `token` the text is no join token; `server` it is no address
 * - `unreachable` nothing answers there; `notSpeaking` something else than the enrolment listener does
 * - `wrongAuthority` the server is not of the installation that made the token, or somebody stands in between
 * - `clock` this host's clock is too far from the server's for certificates to be judged
 * - `refused` the server's own refusal: `problem` says which
 * - `badCertificate` what was issued does not fit; `notApproved` nobody approved in time
 */
export type FailureCode =
  | 'token'
  | 'server'
  | 'unreachable'
  | 'notSpeaking'
  | 'wrongAuthority'
  | 'clock'
  | 'refused'
  | 'badCertificate'
  | 'notApproved';

/** Why a host did not get its certificate; the message is a sentence for somebody at the host's console. */
export class EnrolmentFailure extends Error {
  readonly code: FailureCode;
  readonly problem: Problem | null;

  constructor(code: FailureCode, message: string, options: ErrorOptions & { problem?: Problem } = {}) {
    super(message, options);
    this.name = 'EnrolmentFailure';
    this.code = code;
    this.problem = options.problem ?? null;
  }

  /** The same might work a little later. */
  get passing(): boolean {
    if (this.code === 'unreachable' || this.code === 'notSpeaking') return true;
    return this.problem !== null && (this.problem.status >= 500 || this.problem.status === 429);
  }
}
