import { type FieldError, ProblemError } from '@moru/types';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import type { InputSchemas } from './route.ts';

/** Nearly everything that the console sends is smaller; the agent takes no more either. */
const usualBodyBytes = 64 * 1024;

const parsers = new Map<number, RequestHandler>();

function parserOf(limit: number): RequestHandler {
  const known = parsers.get(limit) ?? express.json({ limit, inflate: false });
  parsers.set(limit, known);
  return known;
}

const nothing = z.strictObject({});

/** Reads and parses what a route takes; rejects with `input.invalid` that names every field, or a body problem. */
export async function readInput(
  request: Request,
  response: Response,
  schemas: InputSchemas,
  maxBodyBytes = usualBodyBytes,
): Promise<Record<string, unknown>> {
  if (schemas.body) await readBody(request, response, maxBodyBytes);
  const parts = [
    ['params', schemas.params ?? nothing, request.params],
    ['query', schemas.query ?? nothing, request.query],
    ...(schemas.body ? [['body', schemas.body, request.body] as const] : []),
  ] as const;
  const input: Record<string, unknown> = {};
  const fields: FieldError[] = [];
  for (const [name, schema, value] of parts) {
    const parsed = schema.safeParse(value);
    if (parsed.success) input[name] = parsed.data;
    else fields.push(...fieldErrors(parsed.error));
  }
  if (fields.length > 0) throw new ProblemError('input.invalid', { fields });
  return input;
}

async function readBody(request: Request, response: Response, limit: number): Promise<void> {
  // a declared size is believed before a byte is read, so a huge upload costs nothing
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    response.setHeader('connection', 'close');
    throw new ProblemError('body.tooLarge');
  }
  await new Promise<void>((resolve, reject) => {
    parserOf(limit)(request, response, (error?: unknown) => {
      if (error) reject(error);
      else resolve();
    });
  });
  if (request.body === undefined) {
    throw new ProblemError('input.malformed', { detail: 'A JSON body is needed.' });
  }
}

/** The words for a code are the console's (`field.<code>`). */
function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) => {
    const field = issue.path.join('.');
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => ({ field: [...issue.path, key].join('.'), code: 'unknown' }));
      case 'too_big':
        return [{ field, code: 'tooBig', params: { maximum: Number(issue.maximum) } }];
      case 'too_small':
        return [{ field, code: 'tooSmall', params: { minimum: Number(issue.minimum) } }];
      case 'invalid_type':
        return [{ field, code: issue.input === undefined ? 'required' : 'type' }];
      case 'invalid_format':
        return [{ field, code: 'format' }];
      default:
        return [{ field, code: 'value' }];
    }
  });
}
