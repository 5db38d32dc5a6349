import { apiHeader, problemSchema, requiredRole } from '@moru/types';
import { z } from 'zod';
import type { Route } from '../http/route.ts';
import { summaries } from './summaries.ts';

type Json = Record<string, unknown>;

/** Named in the document, and referred to by each operation. */
const problemReference = { $ref: '#/components/responses/Problem' };

export const keyOf = ({ method, path }: Pick<Route, 'method' | 'path'>) => `${method} ${path}`;

/** Of a path with `:name` parameters: the same with `{name}`. */
export const templateOf = (path: string) => path.replaceAll(/:(\w+)/g, '{$1}');

export type ApiDocument = Json & { paths: Record<string, Record<string, Operation>> };
type Operation = Json & { description: string };

/**
 * The API as OpenAPI 3.1, made of the schemas by which requests are read and answers are checked, so that it cannot
 * say anything else. JSON Schema knows less than they do: what is transformed is shown as it is on the wire.
 */
export function openApiDocument(
  routes: readonly Route[],
  info: { version: string; server: string },
): ApiDocument {
  const paths: ApiDocument['paths'] = {};
  for (const route of routes) {
    const path = templateOf(route.path);
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Moru',
      version: info.version,
      description: [
        `Each request carries the header \`${apiHeader.name}: ${apiHeader.value}\` and, but for the few that need none, the`,
        'cookie of a session. Requests that change something come from the console’s own origin.',
        'Every failure is a problem document (RFC 9457) whose `code` is stable.',
      ].join(' '),
    },
    servers: [{ url: info.server }],
    security: [{ session: [] }],
    paths,
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: '__Host-moru' } },
      responses: {
        Problem: {
          description: 'What went wrong',
          content: { 'application/problem+json': { schema: schemaOf(problemSchema, 'output') } },
        },
      },
    },
  };
}

function operationOf(route: Route): Operation {
  const { path, policy, input, output, sends } = route;
  return {
    operationId: operationId(route),
    tags: [path.split('/')[2] ?? 'api'],
    summary: summaries[keyOf(route)] ?? '',
    description: whoMay(policy),
    ...(policy === 'public' && { security: [] }),
    parameters: [...parametersOf(input.params, 'path'), ...parametersOf(input.query, 'query'), ownHeader],
    ...(input.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(input.body, 'input') } },
      },
    }),
    responses: {
      ...(sends !== null
        ? { 200: { description: 'The answer', content: { [sends]: { schema: { type: 'string' } } } } }
        : output
          ? {
              200: {
                description: 'The answer',
                content: { 'application/json': { schema: schemaOf(output, 'output') } },
              },
            }
          : { 204: { description: 'Done' } }),
      '4XX': problemReference,
      '5XX': problemReference,
    },
  };
}

const ownHeader = {
  name: apiHeader.name,
  in: 'header',
  required: true,
  schema: { type: 'string', const: apiHeader.value },
};

function whoMay(policy: Route['policy']): string {
  if (policy === 'public') return 'Open to anybody.';
  if (policy === 'session') return 'Open to whoever is signed in.';
  const names = { admin: 'Project admins', member: 'Project admins and members', reader: 'Every role' };
  return `${names[requiredRole(policy)]} (${policy}).`;
}

/** `postInstancesPublicIp…`: the method and the words of the path, once each. */
function operationId({ method, path }: Route): string {
  const words = path
    .replace(/^\/api\//, '')
    .replaceAll(':', 'by-')
    .split(/[/.-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return method + words.join('');
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (!(schema instanceof z.ZodObject)) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
