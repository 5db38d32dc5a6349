import type { Request, Response } from 'express';
import type { z } from 'zod';
import { ApiFailure } from './failure.ts';

/** The app's setting under which answers are checked against their strict schemas. */
export const answerChecks = 'check answers';

/**
 * Sends `body`. One wrong enum value would break KakaoCloud's own SDK for the whole answer (reference/kakaocloud.md
 * C.3), so tests have the strict schema look at each one, and a fault of ours shows there as 500. In use it would cost
 * more than making the answer does.
 */
export function answer<Schema extends z.ZodType>(
  response: Response,
  status: 200 | 201,
  schema: Schema,
  body: z.output<Schema>,
): void {
  response.status(status).json(response.app.enabled(answerChecks) ? schema.parse(body) : body);
}

/** @throws ApiFailure 400 */
export function readBody<Schema extends z.ZodType>(schema: Schema, request: Request): z.output<Schema> {
  return read(schema, request.body);
}

/** @throws ApiFailure 400 */
export function readQuery<Schema extends z.ZodType>(schema: Schema, request: Request): z.output<Schema> {
  return read(schema, request.query);
}

/** A parameter of the route's path. */
export function parameter(request: Request, name: string): string {
  const value = request.params[name];
  if (typeof value !== 'string') throw new Error(`the route has no parameter ${name}`);
  return value;
}

function read<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw ApiFailure.ofInput(parsed.error);
}
