import {
  type ApiDescription,
  type ApiOperation,
  apiHeader,
  idempotency,
  problemSchema,
  requiredRole,
} from '@moru/types';
import type { z } from 'zod';
import type { Route } from '../http/route.ts';
import { Components, type JsonSchema } from './components.ts';
import { examplesOf } from './examples.ts';

const about = `The console's own interface, for programs too.

A program sends an API token: \`Authorization: Bearer moru_…\`. It has the role and the life that its maker gave it, and
ends with the IAM token behind it, within 12 hours: a program that runs for longer signs in with its access key,
\`POST /api/session\`, and keeps the cookie. With the cookie every request carries the header \`${apiHeader.name}: ${apiHeader.value}\`,
and one that changes something this console's own address as \`Origin\`. What fails is a problem document
(RFC 9457) with a \`code\`, and \`x-request-id\` names the request in logs and in the activity log. A change whose outcome
is not known (\`outcome.unknown\`) is to be looked up, not repeated.

A change may carry \`Idempotency-Key\`: 16 to 128 letters, digits and signs that nobody can guess, a UUID for instance,
made up for this one change. Sent again within a day it is not made again: the answer is the first one, secrets that are
shown once included, with \`${idempotency.replayedHeader}: true\`. While the first one is under way, or where it was cut off
before its answer was kept, it is refused (\`idempotency.unanswered\`). What was refused before it began leaves the key free.`;

const keyHeader = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Made up by the client for this one change: sent again, it is answered and not made again.',
  schema: { type: 'string', pattern: idempotency.pattern.source },
};

/** The OpenAPI document of these routes, out of the schemas that check what they take and answer. */
export function describeApi(
  routes: readonly Route[],
  { version, url }: { version: string; url: string },
): ApiDescription {
  const components = new Components();
  const problem = {
    description: 'What was wrong.',
    content: { 'application/problem+json': { schema: components.describe(problemSchema, 'output') } },
  };
  const paths: ApiDescription['paths'] = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    const operations = paths[path] ?? {};
    operations[route.method] = operationOf(route, components, problem);
    paths[path] = operations;
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Moru', version, description: about },
    servers: [{ url }],
    security: [{ session: [] }, { token: [] }],
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-moru-…',
          description: 'From `POST /api/session`.',
        },
        token: {
          type: 'http',
          scheme: 'bearer',
          description:
            'From `POST /api/api-tokens`, or from the sessions screen. Not for sessions and tokens themselves.',
        },
      },
    },
  };
}

function operationOf(route: Route, components: Components, problem: JsonSchema): ApiOperation {
  const { method, path, policy, input, output, sends } = route;
  const json = (schema: z.ZodType, io: 'input' | 'output') => {
    const examples = io === 'input' && examplesOf(schema);
    return { 'application/json': { schema: components.describe(schema, io), ...(examples && { examples }) } };
  };
  const success = sends
    ? { 200: { description: 'As it is made.', content: { [sends]: {} } } }
    : output
      ? { 200: { description: 'Done.', content: json(output, 'output') } }
      : { 204: { description: 'Done.' } };
  const parameters = [
    ...parametersOf(input.params, 'path', components),
    ...parametersOf(input.query, 'query', components),
    ...(route.change ? [keyHeader] : []),
  ];
  return {
    operationId: operationIdOf(route),
    tags: [path.split('/')[2]?.replace(/\..*/, '') ?? ''],
    ...wordsOf(policy),
    ...(parameters.length > 0 && { parameters }),
    ...(input.body && { requestBody: { required: true, content: json(input.body, 'input') } }),
    responses: { ...success, default: problem },
    ...(policy === 'public' && { security: [] }),
    ...(method !== 'get' && route.change && { 'x-audited': true }),
  };
}

/** `get /api/instances/:instanceId/action-log` is `get-instances-instanceId-action-log`. */
function operationIdOf({ method, path }: Route): string {
  return [method, ...path.split('/').slice(2)].join('-').replaceAll(/[:.]/g, '');
}

function wordsOf(policy: Route['policy']) {
  if (policy === 'public') return { description: 'Open to whoever can reach the console.' };
  if (policy === 'session') return { description: 'For whoever is signed in.' };
  const role = requiredRole(policy);
  return {
    description: `Action \`${policy}\`, from role \`${role}\` on.`,
    'x-action': policy,
    'x-role': role,
  };
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query', components: Components) {
  const fields = schema ? components.fieldsOf(schema) : [];
  return fields.map((field) => ({ ...field, in: place, required: place === 'path' || field.required }));
}
