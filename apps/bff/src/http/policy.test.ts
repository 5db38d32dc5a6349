import { apiHeader, type Role, requiredRole } from '@moru/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import { type Browser, publicUrl } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import type { Route } from './route.ts';

let cloud: EmbeddedCloud;
let bff: TestBff;
const browsers = new Map<Role | 'nobody', Browser>();
const ranks: Role[] = ['reader', 'member', 'admin'];

beforeAll(async () => {
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud);
  for (const role of ranks) browsers.set(role, await bff.browser(role));
  browsers.set('nobody', await bff.browser());
});
afterAll(async () => {
  await bff.close();
  await cloud.stop();
});

const browserOf = (who: Role | 'nobody'): Browser => {
  const browser = browsers.get(who);
  if (!browser) throw new Error(`${who} has no browser`);
  return browser;
};

/** What signs somebody out gets a session of its own to end. */
const isSignOut = ({ method, path }: Route) =>
  method === 'delete' && ['/api/session', '/api/sessions'].includes(path);
const call = ({ method, path }: Route, browser: Browser, headers = {}) =>
  browser.send(method.toUpperCase(), path.replaceAll(/:\w+/g, 'x'), {
    headers,
    ...(method !== 'get' && { body: {} }),
  });

describe('T7: every route × role', () => {
  test('a role gets what the policy gives it, and nobody what needs a session', async () => {
    // ending all of a person's sessions comes last: it ends those of the other routes as well
    const routes = bff.routes.toSorted((a, b) => Number(isSignOut(a)) - Number(isSignOut(b)));
    for (const route of routes) {
      const lowest: Role | null =
        route.policy === 'public' ? null : route.policy === 'session' ? 'reader' : requiredRole(route.policy);
      for (const who of ['nobody', ...ranks] as const) {
        const fresh = isSignOut(route) && who !== 'nobody';
        const { status, body } = await call(route, fresh ? await bff.browser(who) : browserOf(who));
        const place = `${route.method} ${route.path} as ${who}`;
        if (lowest !== null && who === 'nobody') {
          expect(body, place).toMatchObject({ status: 401, code: 'session.required' });
        } else if (lowest !== null && who !== 'nobody' && ranks.indexOf(who) < ranks.indexOf(lowest)) {
          expect(body, place).toMatchObject({ status: 403, code: 'role.insufficient' });
        } else {
          expect([401, 403], place).not.toContain(status);
        }
      }
    }
  }, 30_000);

  test('what changes something is for project admins, power for members too, and reading for all roles', () => {
    const admins = ({ policy }: Route) =>
      policy !== 'public' && policy !== 'session' && requiredRole(policy) === 'admin';
    const named = (routes: Route[]) => routes.map(({ method, path }) => `${method} ${path}`).sort();
    expect(named(bff.routes.filter((route) => route.change && !admins(route)))).toEqual([
      'post /api/bulk/hardReboot',
      'post /api/bulk/start',
      'post /api/bulk/stop',
      'post /api/instances/:instanceId/hard-reboot',
      'post /api/instances/:instanceId/start',
      'post /api/instances/:instanceId/stop',
      // of what each of them may order (operations/routes.ts)
      'post /api/operations/:operationId/continue',
      'post /api/operations/:operationId/undo',
    ]);
    expect(named(bff.routes.filter((route) => route.method === 'get' && admins(route)))).toEqual([]);
    const unrecorded = bff.routes.filter(({ method, change }) => method !== 'get' && !change);
    // a user's own draft, which no host hears of, and how they like their screens; the others are questions that need a body
    expect(unrecorded.map(({ path }) => path)).toEqual([
      '/api/session',
      '/api/session',
      '/api/session/proof',
      '/api/sessions/:sessionId',
      '/api/sessions',
      '/api/instances/:instanceId/draft',
      '/api/preferences/instance-list',
      '/api/instances/:instanceId/check',
      '/api/rollouts/plan',
      '/api/instances/:instanceId/routing/check',
    ]);
  });

  test('what cannot be taken back asks for the key again', () => {
    const input = { body: { deletePublicIp: true, to: 'done' } };
    const named = bff.routes.filter(({ change }) => change?.irrevocable(input));
    expect(named.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'delete /api/instances/:instanceId',
      'delete /api/instances/:instanceId/network-interfaces/:networkInterfaceId/public-ip',
      'post /api/authority',
      'post /api/hosts/:instanceId/revocation',
      'post /api/instances/:instanceId/rebuild',
      'post /api/public-ips/release',
    ]);
  });

  test('a refused change leaves one record, and nothing else', async () => {
    const admin = await bff.browser('admin');
    const before = (await admin.get('/api/audit')).body.page.total;
    const member = await bff.browser('member');
    const path = '/api/instances/some-id/network-interfaces/some-nic/public-ip';
    await member.post(path, { mode: 'new' });
    const { records, page } = (await admin.get('/api/audit')).body;
    // the member's sign-in is the other one
    expect(page.total).toBe(before + 2);
    expect(records[0]).toMatchObject({
      phase: 'refused',
      action: 'publicIp.connect',
      actor: { name: 'member-user', role: 'member', address: '127.0.0.1' },
      target: { type: 'path', id: path },
      detail: { code: 'role.insufficient' },
    });
  });
});

describe('T5: every route refuses what another site may have sent', () => {
  test.each([
    ['no header of our own', { [apiHeader.name]: undefined }, 'header.missing', false],
    ['a foreign Origin', { origin: 'https://evil.test' }, 'origin.refused', true],
    ['no Origin', { origin: undefined }, 'origin.refused', true],
    ['an opaque Origin', { origin: 'null' }, 'origin.refused', true],
    ['Origin with another port', { origin: 'http://console.test:8444' }, 'origin.refused', true],
    ['Sec-Fetch-Site cross-site', { 'sec-fetch-site': 'cross-site' }, 'origin.refused', true],
    ['Sec-Fetch-Site same-site', { 'sec-fetch-site': 'same-site' }, 'origin.refused', true],
    ['another Host (rebound name)', { host: 'evil.test:8443' }, 'origin.refused', false],
  ])('%s', async (_name, headers, code, changesOnly) => {
    const admin = await bff.browser('admin');
    for (const route of bff.routes) {
      if (changesOnly && route.method === 'get') continue;
      const { body } = await call(route, admin, headers);
      expect(body, `${route.method} ${route.path}`).toMatchObject({ status: 403, code });
    }
  });

  test('a preflight from elsewhere gets no permission', async () => {
    const answer = await (await bff.browser()).send('OPTIONS', '/api/session', {
      headers: { origin: 'https://evil.test', [apiHeader.name]: undefined },
    });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('the console’s own address and a typed one are let through', async () => {
    const browser = await bff.browser();
    for (const site of ['same-origin', 'none', undefined]) {
      const headers = { origin: publicUrl, 'sec-fetch-site': site };
      expect((await browser.post('/api/session', { seededAccount: 'admin' }, { headers })).status).toBe(200);
    }
  });
});
