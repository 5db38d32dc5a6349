import type { Request, Response } from 'express';
import type { z } from 'zod';
import { ApiFailure } from './failure.ts';

/**
 * Sends `body` after the strict schema has seen it: one wrong enum value would break KakaoCloud's own SDK for the
 * whole answer (reference/kakaocloud.md C.3), so a fault of ours shows as 500 in our tests instead.
 */
export function answer<Schema extends z.ZodType>(
  response: Response,
  status: 200 | 201,
  schema: Schema,
  body: z.output<Schema>,
): void {
  response.status(status).json(schema.parse(body));
}

/** @throws ApiFailure 400 */
export function readBody<Schema extends z.ZodType>(schema: Schema, request: Request): z.output<Schema> {
  const parsed = schema.safeParse(request.body);
  if (parsed.success) return parsed.data;
  throw ApiFailure.ofInput(parsed.error);
}

/** A parameter of the route's path. */
export function parameter(request: Request, name: string): string {
  const value = request.params[name];
  if (typeof value !== 'string') throw new Error(`the route has no parameter ${name}`);
  return value;
}
