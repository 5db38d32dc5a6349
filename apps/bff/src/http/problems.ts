import { type Problem, type ProblemCode, ProblemError, problemOf } from '@moru/types';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { AgentRefusal } from '../agent/client.ts';
import type { Logger } from '../log.ts';
import { isStoreFailure } from '../store/errors.ts';

export const problemType = 'application/problem+json';

/** The rest of the routes: nothing is there. */
export const unknownRoute: RequestHandler = () => {
  throw new ProblemError('route.unknown');
};

/** Turns whatever was thrown into a problem document (RFC 9457); only what nobody foresaw is logged as an error. */
export function answerProblems(log: Logger): ErrorRequestHandler {
  return (error, _request, response, next) => {
    const requestId: string = response.locals.requestId;
    const problem = problemDocument(error, requestId);
    if (problem.code === 'internal' || problem.code === 'store.unavailable')
      log.error({ error, requestId }, 'request failed');
    response.locals.problemCode = problem.code;
    // the answer is under way: cutting the connection is the only way left to say that it failed
    if (response.headersSent) return next(error);
    response.status(problem.status).type(problemType).send(JSON.stringify(problem));
  };
}

/** What is told of an error that a request ended with. */
export function problemDocument(error: unknown, requestId: string): Problem {
  return { ...problemOfError(error), requestId, ...(error instanceof AgentRefusal && error.facts) };
}

function problemOfError(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (isStoreFailure(error)) return problemOf('store.unavailable');
  return problemOf(codeOfHttpError(error));
}

/** Express and its body parser throw errors with a status; 4xx of them are the client's. */
function codeOfHttpError(error: unknown): ProblemCode {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  if (status === 413) return 'body.tooLarge';
  return status >= 400 && status < 500 ? 'input.malformed' : 'internal';
}
