import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { keyOf } from './document.ts';
import { summaries } from './summaries.ts';

let cloud: EmbeddedCloud;
let bff: TestBff;
beforeAll(async () => {
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud);
});
afterAll(async () => {
  await bff.close();
  await cloud.stop();
});

test('every route is told of, and nothing that is none', () => {
  expect(Object.keys(summaries).sort()).toEqual(bff.routes.map(keyOf).sort());
});

test('the document is served to anybody, and holds each route with its input and answer', async () => {
  const { status, headers, body } = await (await bff.browser()).get('/api/openapi.json');
  expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('application/json')]);
  expect(body.openapi).toBe('3.1.0');
  const operations = Object.values(
    body.paths as Record<string, Record<string, { operationId: string }>>,
  ).flatMap((methods) => Object.values(methods));
  expect(operations).toHaveLength(bff.routes.length);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);

  const connect =
    body.paths['/api/instances/{instanceId}/network-interfaces/{networkInterfaceId}/public-ip'].post;
  expect(connect).toMatchObject({ description: 'Project admins (publicIp.connect).' });
  expect(connect.parameters.map(({ name }: { name: string }) => name)).toEqual([
    'instanceId',
    'networkInterfaceId',
    'x-moru-request',
  ]);
  const modes = JSON.stringify(connect.requestBody.content['application/json'].schema);
  for (const mode of ['new', 'existing', 'move']) expect(modes).toContain(`"${mode}"`);
  expect(connect.responses['4XX']).toEqual({ $ref: '#/components/responses/Problem' });
  const list = body.paths['/api/instances'].get;
  expect(list.parameters).toContainEqual({
    name: 'limit',
    in: 'query',
    required: false,
    schema: expect.objectContaining({ minimum: 1, maximum: 200 }),
  });
  expect(list.responses['200'].content['application/json'].schema.properties.instances.type).toBe('array');
});

test('the page is readable without a script, escapes what it shows, and names every route', async () => {
  const { status, headers, text } = await (await bff.browser()).get('/api-reference');
  expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(headers['content-security-policy']).toContain("script-src 'self'");
  expect(text).not.toContain('<script');
  for (const path of new Set(bff.routes.map((each) => each.path))) {
    expect(text).toContain(path.replaceAll(/:(\w+)/g, '{$1}'));
  }
});
