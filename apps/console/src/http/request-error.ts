import { type FieldError, type Problem, type ProblemCode, problemCatalog } from '@moru/types';
import { isAxiosError } from 'axios';

/** `network`: nothing answered. Everything else came from the BFF as a problem document. */
export type FailureCode = ProblemCode | 'network';

/** Why a request failed, whoever is to blame: the one error type of the console. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: FailureCode;
  /** which fields of the request are wrong; empty when none is named */
  readonly fields: readonly FieldError[];
  readonly requestId: string | undefined;
  /** the words of the cloud or of iptables behind the BFF */
  readonly upstream: string | undefined;

  constructor(code: FailureCode, problem: Partial<Problem> = {}) {
    super(code);
    this.code = code;
    this.fields = problem.fields ?? [];
    this.requestId = problem.requestId;
    this.upstream = problem.upstream;
  }

  static from(error: unknown): RequestError {
    if (error instanceof RequestError) return error;
    if (!isAxiosError(error)) throw error;
    const problem: Partial<Problem> | undefined = error.response?.data;
    if (problem?.code && Object.hasOwn(problemCatalog, problem.code))
      return new RequestError(problem.code, problem);
    if (error.response) return new RequestError('internal', { upstream: `HTTP ${error.response.status}` });
    // no answer to a change does not mean that nothing happened: it is never said to have failed
    return new RequestError(isRead(error.config?.method) ? 'network' : 'outcome.unknown');
  }
}

function isRead(method: string | undefined): boolean {
  return method === undefined || method.toLowerCase() === 'get';
}
