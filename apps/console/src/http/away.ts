import { RequestError } from './request-error.ts';

// a host that does not answer costs the BFF a timeout each time
const awayMs = 15_000;
const slowMs = 3_000;

/** How soon a host that could not be read is asked again; one that was only slow may answer the next time. */
export function askAgainMs(error: Error): number {
  return error instanceof RequestError && error.code === 'agent.timeout' ? slowMs : awayMs;
}
