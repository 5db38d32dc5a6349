import { type ApiDescription, apiDescriptionSchema } from '@moru/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import type { Browser } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';

let cloud: EmbeddedCloud;
let bff: TestBff;
let browser: Browser;
let description: ApiDescription;

beforeAll(async () => {
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud);
  browser = await bff.browser('reader');
  description = apiDescriptionSchema.parse((await browser.get('/api/openapi.json')).body);
});
afterAll(async () => {
  await bff.close();
  await cloud.stop();
});

const operations = () =>
  Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

test('every route stands there once, with each of its parameters and under a name of its own', () => {
  const told = operations().map(({ method, path }) => `${method} ${path}`);
  const there = bff.routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  expect(told.sort()).toEqual(there.sort());
  const names = operations().map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { path, operation } of operations()) {
    const inPath = (operation.parameters ?? []).filter((each) => each.in === 'path');
    const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(inPath.map(({ name }) => name).sort(), path).toEqual(wanted.sort());
  }
});

test('every reference leads somewhere, and nothing is described that nobody refers to', () => {
  const text = JSON.stringify(description);
  const referred = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, place = '']) => place));
  const there = Object.keys(description.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect([...referred].sort()).toEqual(there.sort());
  expect(referred.size).toBeGreaterThan(50);
});

test('who may do what, and where the key is not needed, is told', () => {
  const at = (path: string, method: string) => description.paths[path]?.[method];
  expect(at('/api/instances/{instanceId}/stop', 'post')).toMatchObject({
    'x-action': 'instance.stop',
    'x-role': 'member',
    responses: { 204: {}, default: { content: { 'application/problem+json': {} } } },
  });
  expect(at('/api/session', 'post')).toMatchObject({ security: [] });
  const query = at('/api/instances/{instanceId}/console-log', 'get')?.parameters?.map(({ name }) => name);
  expect(query).toEqual(['instanceId', 'lines']);
  expect(at('/api/events', 'get')?.responses['200']?.content).toEqual({ 'text/event-stream': {} });
});

test('whoever sends something sees how, in words of the schema that checks it', () => {
  for (const { method, path, input } of bff.routes) {
    const body = description.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method]?.requestBody;
    const examples = Object.values(body?.content['application/json']?.examples ?? {});
    const takesNothing = !input.body || input.body.safeParse({}).success;
    if (!takesNothing) expect(examples.length, `${method} ${path}`).toBeGreaterThan(0);
    for (const { value } of examples) {
      expect(input.body?.safeParse(value).error, `${method} ${path}`).toBeUndefined();
    }
  }
});

test('what the BFF answers is what the document says', async () => {
  const { instances } = (await browser.get('/api/instances')).body;
  const asked = ['/api/instances', '/api/public-ips', '/api/hosts', '/api/audit', '/api/session'];
  const examples: Record<string, string> = Object.fromEntries(asked.map((path) => [path, path]));
  examples['/api/instances/{instanceId}'] = `/api/instances/${instances[0].id}`;
  for (const [path, place] of Object.entries(examples)) {
    const schema = description.paths[path]?.get?.responses['200']?.content?.['application/json']?.schema;
    const { body } = await browser.get(place);
    expect(checker(schema ?? false).safeParse(body).error, path).toBeUndefined();
    expect(checker(schema ?? false).safeParse({ ...body, ...wrong(body) }).success, path).toBe(false);
  }
});

/** The document's own words as a check: not the schema that they were made of. */
function checker(schema: Record<string, unknown> | false) {
  const text = JSON.stringify({ allOf: [schema], $defs: description.components.schemas });
  return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')));
}

/** Every field of a type that it does not have. */
const wrong = (body: object) =>
  Object.fromEntries(Object.keys(body).map((key) => [key, Symbol.for('wrong')]));
