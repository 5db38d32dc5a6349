import { NoAnswer } from '../no-answer.ts';
import type { SendUpstream, UpstreamAnswer } from './upstream.ts';

/** Failures without a success between, after which a service is left alone. */
const maximumFailures = 12;
/** How long it is left alone; then one request tries. */
const openMs = 2_000;

interface State {
  failures: number;
  /** no request before this time; 0 while it is not left alone */
  until: number;
  trying: boolean;
}

/** A gateway that answers for a service that is away is the same as no answer; the service's own 500 is one. */
const awayStatuses = new Set([502, 503, 504]);
const isAway = (answer: UpstreamAnswer) => awayStatuses.has(answer.status);

/**
 * Spares a service that does not answer, and whoever waits for it: after some failures in a row each request is told
 * at once that nothing was sent, until one that is let through has an answer. Services are told apart by their origin.
 */
export function withBreaker(send: SendUpstream, now: () => number = Date.now): SendUpstream {
  const states = new Map<string, State>();

  return async (request) => {
    const { origin } = new URL(request.url);
    const state = states.get(origin) ?? { failures: 0, until: 0, trying: false };
    states.set(origin, state);
    if (state.until > 0 && (now() < state.until || state.trying)) {
      throw new NoAnswer('the service has not answered for a while and is left alone for a moment', {
        timedOut: false,
        sent: false,
      });
    }
    state.trying = state.until > 0;
    const failed = () => {
      state.failures += 1;
      if (state.failures >= maximumFailures) state.until = now() + openMs;
    };
    try {
      const answer = await send(request);
      if (isAway(answer)) failed();
      else Object.assign(state, { failures: 0, until: 0 });
      return answer;
    } catch (error) {
      if (error instanceof NoAnswer) failed();
      throw error;
    } finally {
      state.trying = false;
    }
  };
}
