import { STATUS_CODES } from 'node:http';
import { type ApiError, type ApiErrorStatus, apiErrorCodes, type KeystoneError } from '@moru/kakaocloud';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { requestIdOf } from './requests.ts';

/** What a handler throws to answer anything but success; the message is for a person. */
export class ApiFailure extends Error {
  readonly status: ApiErrorStatus;

  constructor(status: ApiErrorStatus, message: string) {
    super(message);
    this.name = 'ApiFailure';
    this.status = status;
  }

  static ofInput(error: z.ZodError): ApiFailure {
    const issues = error.issues.slice(0, 5).map((issue) => {
      const field = issue.path.join('.');
      return field === '' ? issue.message : `${field}: ${issue.message}`;
    });
    return new ApiFailure(400, issues.join('; '));
  }
}

/** Answers in the form of the service that the path belongs to: Keystone's for IAM, BCS's for the others. */
function sendFailure(response: Response, path: string, status: ApiErrorStatus, message: string): void {
  const body: ApiError | KeystoneError = path.startsWith('/identity')
    ? { error: { code: status, message, title: STATUS_CODES[status] ?? 'Error' } }
    : { error: { code: apiErrorCodes[status], message } };
  response.status(status).json(body);
}

export const nothingHere: RequestHandler = (request) => {
  throw new ApiFailure(404, `There is nothing at ${request.method} ${request.path}`);
};

/** Last handler: whatever was thrown becomes an answer, and what nobody foresaw a line in the log. */
export function failureHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    if (error instanceof ApiFailure) {
      sendFailure(response, request.path, error.status, error.message);
      return;
    }
    const refused = refusalOf(error);
    if (refused) {
      sendFailure(response, request.path, refused.status, refused.message);
      return;
    }
    log.error({ err: error, requestId: requestIdOf(response) }, 'a request failed');
    sendFailure(response, request.path, 500, 'Something went wrong in the cloud');
  };
}

const refusals = {
  400: 'The request could not be read',
  413: 'The body is larger than 256 KiB',
  415: 'The encoding of the body is not supported',
} as const;

/** Express and its body parser refuse with errors that carry a status. Their own words may quote the body. */
function refusalOf(error: unknown): { status: keyof typeof refusals; message: string } | null {
  if (!(error instanceof Error) || !('status' in error)) return null;
  const { status } = error;
  if (status === 400 || status === 413 || status === 415) return { status, message: refusals[status] };
  return null;
}
