import type { Action } from '@moru/types';
import type { RequestHandler, Response } from 'express';
import type { z } from 'zod';
import type { Operation as Recorded } from '../audit/operation.ts';
import type { Caller, CloudInstance } from '../cloud/provider.ts';
import type { SignedIn } from '../session/sessions.ts';

/** Who may use a route: anybody, whoever is signed in, or whoever may take the action (capabilities of `types`). */
export type Policy = 'public' | 'session' | Action;

/** Where a route takes its input from. What has no schema must be empty (params, query) or is not read (body). */
export type InputSchemas = { params?: z.ZodType; query?: z.ZodType; body?: z.ZodType };

export type Input<Schemas extends InputSchemas> = {
  [Key in keyof Schemas]: Schemas[Key] extends z.ZodType ? z.infer<Schemas[Key]> : never;
};

/** One request on its way through a route. */
export interface Call<In, Who = SignedIn> {
  input: In;
  session: Who;
  /** the session's token with this request's id; an empty token where nobody is signed in */
  caller: Caller;
  /** the client's address */
  address: string;
  userAgent: string | undefined;
  response: Response;
}

/** What the audit log tells of a change that a person's call makes. */
export interface RecordedCall extends Recorded {
  call: Pick<Call<unknown>, 'session' | 'caller' | 'address'>;
}

export interface AuditSubject {
  target: { type: string; id: string };
  /** what was asked; never a secret */
  detail: Record<string, unknown>;
}

interface Common<Schemas extends InputSchemas, Output extends z.ZodType> {
  path: string;
  input: Schemas;
  /** what is answered; null for an empty 204 */
  output: Output | null;
  limiter?: RequestHandler;
  /** of the body; default 64 KiB */
  maxBodyBytes?: number;
}

/** A read whose handler writes the answer itself: a file, or a stream that stays open. */
interface Sent<Schemas extends InputSchemas, Pol extends Policy> {
  method: 'get';
  path: string;
  policy: Pol;
  input: Schemas;
  /** media type of the answer */
  sends: string;
  send(call: Call<Input<Schemas>>): Promise<void>;
}

/** A read that needs a body to say what is asked; nothing is changed by it. */
interface Question<Schemas extends InputSchemas, Output extends z.ZodType> extends Common<Schemas, Output> {
  policy: Action;
  handle(call: Call<Input<Schemas>>): Answer<Output>;
}

/** What a user keeps for themselves in the console. No host and no cloud hears of it, and no log. */
interface Own<Schemas extends InputSchemas, Output extends z.ZodType> extends Common<Schemas, Output> {
  method: 'get' | 'put';
  policy: Action | 'session';
  handle(call: Call<Input<Schemas>>): Answer<Output>;
}

type Answer<Output extends z.ZodType> = Promise<z.input<Output>>;

/** A read, or a session's own matter. */
interface Plain<Schemas extends InputSchemas, Output extends z.ZodType, Pol extends Policy>
  extends Common<Schemas, Output> {
  method: Pol extends 'public' | 'session' ? 'get' | 'post' | 'delete' : 'get';
  policy: Pol;
  handle(call: Call<Input<Schemas>, Pol extends 'public' ? SignedIn | null : SignedIn>): Answer<Output>;
}

/** What a change is made to: an instance, whose facts the policy judges too, or something else that has a name. */
export type Subject = CloudInstance | { name: string | null };

function isInstance(subject: Subject): subject is CloudInstance {
  return 'networkInterfaces' in subject;
}

/** A change. It cannot be written without an action that allows it and without what the audit log says of it. */
interface Mutation<Schemas extends InputSchemas, Output extends z.ZodType, Of extends Subject>
  extends Common<Schemas, Output> {
  method: 'post' | 'put' | 'delete';
  policy: Action;
  audit(input: Input<Schemas>): AuditSubject;
  /** whether it cannot be taken back, so that the key must have been proven not long ago */
  irrevocable?(input: Input<Schemas>): boolean;
  /** reads what the policy's reason is judged by, and refuses with 404 or 409 before anything is intended */
  prepare(call: Call<Input<Schemas>>): Promise<Of>;
  /** what the audit log adds to what was asked, from what was read */
  found?(input: Input<Schemas>, subject: Of): Record<string, unknown>;
  handle(call: Call<Input<Schemas>>, subject: Of): Answer<Output>;
  /** what the audit log says of the result */
  outcome?(result: z.input<Output>): Record<string, unknown>;
}

/** A change in steps (operations/): what is read first is the handler's, and intent and outcome are the operation's. */
interface Stepped<Schemas extends InputSchemas, Output extends z.ZodType, Read>
  extends Common<Schemas, Output> {
  method: 'post' | 'delete';
  policy: Action;
  audit(input: Input<Schemas>): AuditSubject;
  /** as of `Mutation` */
  irrevocable?(input: Input<Schemas>): boolean;
  /** reads and judges; refuses with 404 or 409 before anything is intended */
  prepare(call: Call<Input<Schemas>>): Promise<Prepared<Read>>;
  handle(call: Call<Input<Schemas>>, read: Read, recorded: RecordedCall): Answer<Output>;
}

export interface Prepared<Read> {
  read: Read;
  /** the instance that the policy's reason is judged by, where one is meant */
  instance: CloudInstance | null;
  /** what the audit log calls the target */
  name: string | null;
  /** what the audit log adds to what was asked */
  found: Record<string, unknown>;
}

type AnyCall = Call<Record<string, unknown>, SignedIn | null>;

/** A route with its types forgotten, as `mountRoutes` runs it. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'delete';
  /** with `:name` parameters */
  path: string;
  policy: Policy;
  input: InputSchemas;
  output: z.ZodType | null;
  /** media type where the handler writes the answer itself */
  sends: string | null;
  limiter: RequestHandler | null;
  maxBodyBytes: number | null;
  handle(call: AnyCall, read: unknown, recorded: RecordedCall | null): Promise<unknown>;
  change: {
    policy: Action;
    audit(input: Record<string, unknown>): AuditSubject;
    irrevocable(input: Record<string, unknown>): boolean;
    prepare(call: AnyCall): Promise<Prepared<unknown>>;
    /** null: the handler has its own records (an operation in steps) */
    outcome: ((result: unknown) => Record<string, unknown>) | null;
  } | null;
}

/**
 * Declares a read or a session's own matter. Like every other way to make a route it makes none without a policy.
 */
export function route<Schemas extends InputSchemas, Output extends z.ZodType, Pol extends Policy>(
  definition: Plain<Schemas, Output, Pol>,
): Route {
  return {
    ...erased(definition),
    policy: definition.policy,
    handle: definition.handle as unknown as Route['handle'],
    change: null,
  };
}

/** Declares a read that is asked with a body. */
export function question<Schemas extends InputSchemas, Output extends z.ZodType>(
  definition: Question<Schemas, Output>,
): Route {
  return {
    ...erased({ ...definition, method: 'post' }),
    policy: definition.policy,
    handle: definition.handle as unknown as Route['handle'],
    change: null,
  };
}

/** Declares what a user keeps for themselves. */
export function own<Schemas extends InputSchemas, Output extends z.ZodType>(
  definition: Own<Schemas, Output>,
): Route {
  return {
    ...erased(definition),
    policy: definition.policy,
    handle: definition.handle as unknown as Route['handle'],
    change: null,
  };
}

/** Declares a read that is no JSON document. */
export function sent<Schemas extends InputSchemas, Pol extends Exclude<Policy, 'public'>>({
  send,
  ...definition
}: Sent<Schemas, Pol>): Route {
  return {
    ...definition,
    output: null,
    limiter: null,
    maxBodyBytes: null,
    handle: send as unknown as Route['handle'],
    change: null,
  };
}

/** Declares a change: role, facts, audit record of the intent, handler, audit record of the outcome. */
export function mutation<Schemas extends InputSchemas, Output extends z.ZodType, Of extends Subject>(
  definition: Mutation<Schemas, Output, Of>,
): Route {
  const { policy, audit, handle, irrevocable = () => false, outcome = () => ({}) } = definition;
  const prepare = async (call: Call<Input<Schemas>>): Promise<Prepared<Of>> => {
    const subject = await definition.prepare(call);
    const instance = isInstance(subject) ? subject : null;
    return {
      read: subject,
      instance,
      name: subject.name,
      found: definition.found?.(call.input, subject) ?? {},
    };
  };
  return {
    ...erased(definition),
    policy,
    handle: handle as unknown as Route['handle'],
    change: { policy, audit, irrevocable, prepare, outcome } as unknown as NonNullable<Route['change']>,
  };
}

/** Declares a change in steps. */
export function stepped<Schemas extends InputSchemas, Output extends z.ZodType, Read>(
  definition: Stepped<Schemas, Output, Read>,
): Route {
  const { policy, audit, irrevocable = () => false, prepare, handle } = definition;
  return {
    ...erased(definition),
    policy,
    handle: handle as unknown as Route['handle'],
    change: { policy, audit, irrevocable, prepare, outcome: null } as unknown as NonNullable<Route['change']>,
  };
}

function erased(
  definition: Common<InputSchemas, z.ZodType> & Pick<Route, 'method'>,
): Pick<Route, 'method' | 'path' | 'input' | 'output' | 'sends' | 'limiter' | 'maxBodyBytes'> {
  const { method, path, input, output, limiter, maxBodyBytes } = definition;
  return {
    ...{ method, path, input, output, sends: null },
    limiter: limiter ?? null,
    maxBodyBytes: maxBodyBytes ?? null,
  };
}
