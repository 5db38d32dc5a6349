import { type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import { readBody } from './answer.ts';
import { ApiFailure } from './failure.ts';

const faultSchema = z
  .strictObject({
    /** any when absent */
    method: z
      .string()
      .transform((method) => method.toUpperCase())
      .optional(),
    /** where the path begins; `*` stands for one segment, `$` at the end allows nothing after it */
    path: z.string().startsWith('/').max(500),
    /**
     * latency: answers `ms` later · status: fails with `status` and does nothing · rateLimited: 429 with Retry-After
     * (`ms`, in whole seconds) · hang: never answers · answerLost: does it and drops the connection ·
     * truncated: does it and answers half of the JSON
     */
    kind: z.enum(['latency', 'status', 'hang', 'answerLost', 'truncated', 'rateLimited']),
    status: z.literal([400, 401, 403, 404, 409, 500, 503]).optional(),
    ms: z.int().min(0).max(600_000).optional(),
    /** how often it strikes; without end when absent */
    times: z.int().min(1).optional(),
  })
  .refine((fault) => fault.kind !== 'status' || fault.status !== undefined, 'kind status takes a status');
type Fault = z.infer<typeof faultSchema>;

const faultsSchema = z.array(faultSchema).max(100);

/** Where tests and demonstrations make the cloud fail; served only when the installation asks for it. */
export class Faults {
  #faults: { fault: Fault; path: Pattern; left: number }[] = [];

  /** `PUT /_moru/faults` replaces the list, `DELETE` clears it. */
  routes(): Router {
    const router = Router();
    router.use('/_moru', requireOwnSide);
    router.put('/_moru/faults', (request, response) => {
      this.#faults = readBody(faultsSchema, request).map((fault) => ({
        fault,
        path: patternOf(fault.path),
        left: fault.times ?? Number.POSITIVE_INFINITY,
      }));
      response.status(204).end();
    });
    router.delete('/_moru/faults', (_request, response) => {
      this.#faults = [];
      response.status(204).end();
    });
    return router;
  }

  /** Lets the first fault that fits strike. */
  strike(): RequestHandler {
    return (request, response, next) => {
      const fault = this.#take(request.method, request.path);
      if (fault === undefined) {
        next();
        return;
      }
      strikes[fault.kind](fault, response, next);
    };
  }

  #take(method: string, path: string): Fault | undefined {
    const hit = this.#faults.find(
      ({ fault, path: pattern, left }) =>
        left > 0 && (fault.method === undefined || fault.method === method) && fits(path, pattern),
    );
    if (hit) hit.left -= 1;
    return hit?.fault;
  }
}

/** Whoever may make the cloud fail is on its own machine, however widely it listens. */
const requireOwnSide: RequestHandler = (request, _response, next) => {
  if (!isLoopback(request.socket.remoteAddress)) throw new ApiFailure(404, 'There is nothing here');
  next();
};

export function isLoopback(address: string | undefined): boolean {
  return /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/.test(address ?? '');
}

const strikes: Record<Fault['kind'], (fault: Fault, response: Response, next: () => void) => void> = {
  latency: (fault, response, next) => {
    const timer = setTimeout(next, fault.ms ?? 1000);
    response.once('close', () => clearTimeout(timer));
  },
  status: (fault) => {
    throw new ApiFailure(fault.status ?? 500, 'A fault was asked for');
  },
  rateLimited: (fault, response) => {
    response.set('retry-after', String(Math.ceil((fault.ms ?? 1000) / 1000)));
    throw new ApiFailure(429, 'Too many requests');
  },
  hang: () => {},
  answerLost: (_fault, response, next) => {
    replaceEnd(response, () => response.socket?.destroy());
    next();
  },
  truncated: (_fault, response, next) => {
    replaceEnd(response, (chunk, end) => {
      const half = chunk.subarray(0, Math.floor(chunk.length / 2));
      if (chunk.length > 0) response.set('content-length', String(half.length));
      end(half);
    });
    next();
  },
};

/** Express sends an answer whole, with one call of `end`. */
function replaceEnd(response: Response, act: (chunk: Buffer, end: (chunk: Buffer) => void) => void): void {
  const end = response.end.bind(response);
  response.end = ((chunk?: unknown) => {
    const text = typeof chunk === 'string' || Buffer.isBuffer(chunk) ? chunk : '';
    act(Buffer.from(text), (changed) => end(changed));
    return response;
  }) as Response['end'];
}

interface Pattern {
  segments: string[];
  exact: boolean;
}

function patternOf(path: string): Pattern {
  const exact = path.endsWith('$');
  return { segments: (exact ? path.slice(0, -1) : path).split('/'), exact };
}

function fits(path: string, { segments, exact }: Pattern): boolean {
  const given = path.split('/');
  if (exact && given.length !== segments.length) return false;
  return segments.every(
    (segment, index) => given[index] !== undefined && ['*', given[index]].includes(segment),
  );
}
