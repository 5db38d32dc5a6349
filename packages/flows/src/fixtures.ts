import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Installation, startInstallation } from '@moru/stack';
import type { Role, SignIn } from '@moru/types';
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';
import { keepSecret } from './report/secrets.ts';
import { readTarget, refusal, runId } from './target.ts';
import { expectAccessible } from './testing/accessible.ts';
import { type InstallationApi, installationApi } from './testing/api.ts';
import { type Fault, faultsOf, readRoute, setFaults } from './testing/faults.ts';
import { type Outside, throughNamespaces, throughNetwork } from './testing/outside.ts';
import { resetInstallation } from './testing/reset.ts';
import { signInByApi } from './testing/sign-in.ts';
import { surfacesOf, watchSurfaces } from './testing/surfaces.ts';

/** The installation that this worker's flows act on. */
interface Target {
  url: string;
  /** null: it is somebody else's */
  own: Installation | null;
  /** how to sign in with a role; null where there is no key for it */
  signIn(role: Role): SignIn | null;
}

interface WorkerFixtures {
  target: Target;
  /** the embedded installation of this worker, with real hosts; only for flows without `@anywhere` */
  installation: Installation;
  /** the console's API, signed in as project admin: what a flow looks up, never what it tests */
  api: InstallationApi;
  outside: Outside;
}

interface TestFixtures {
  /** skips what may not run against somebody else's installation */
  permitted: undefined;
  /**
   * fails the flow on any console error or warning, page error, or blocked content, in every page that it opens; notes
   * what it opens
   */
  quiet: undefined;
  /** adds to the report how hosts were seen and, of a flow that failed, in which state they were */
  evidence: undefined;
  /** signs in with a role, by the API and into the browser's cookies, and opens the list of instances */
  signInAs(role: Role): Promise<void>;
  /** axe finds nothing against WCAG 2.2 AA on the page as it is now, or on one in another browser */
  expectAccessible(at?: Page): Promise<void>;
  /** makes calls to the embedded cloud fail until the flow ends: `fault('DELETE /api/v1/public-ips/*$', 'status', { status: 500 })` */
  fault(route: string, kind: Fault['kind'], details?: Pick<Fault, 'status' | 'ms'>): Promise<void>;
  /** takes all faults back before that */
  heal(): Promise<void>;
  /** the cloud well again, and every host that runs with the rules and gateways of its image */
  reset(): Promise<void>;
  /** marks what a flow makes, so that `--sweep` finds it */
  run: string;
}

const root = fileURLToPath(new URL('../../../.moru', import.meta.url));
const elsewhere = readTarget(process.env);

export const test = base.extend<TestFixtures, WorkerFixtures>({
  target: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use, { parallelIndex }) => {
      if (elsewhere) {
        for (const key of Object.values(elsewhere.keys)) keepSecret(key.secret);
        await use({ url: elsewhere.url, own: null, signIn: (role) => elsewhere.keys[role] ?? null });
        return;
      }
      const name = `flows-${process.pid}-${parallelIndex}`;
      const own = await startInstallation(
        { name, port: 0, fresh: true, hosts: 'namespaces', root, faults: true, attachMs: 700 },
        () => {},
      );
      for (const { secret } of own.accounts) keepSecret(secret);
      await use({ url: own.url, own, signIn: (seededAccount) => ({ seededAccount }) });
      await own.close();
      await rm(own.folders.base, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  installation: [
    async ({ target }, use) => {
      if (!target.own) throw new Error('a flow with @anywhere may not look into the installation');
      await use(target.own);
    },
    { scope: 'worker' },
  ],
  api: [
    async ({ target }, use) => {
      await use(await installationApi(target.url, target.signIn('admin') ?? undefined));
    },
    { scope: 'worker' },
  ],
  outside: [
    async ({ target, api }, use) => {
      if (target.own) await use(throughNamespaces(target.own, api));
      else if (elsewhere) await use(throughNetwork(elsewhere, api));
    },
    { scope: 'worker' },
  ],
  permitted: [
    // biome-ignore lint/correctness/noEmptyPattern: before anything is started for a flow that may not run
    async ({}, use, info) => {
      const changes = info.annotations.flatMap(({ type, description = '' }) =>
        type === 'changes' ? [description] : [],
      );
      const reason = refusal(elsewhere, { tags: info.tags, changes });
      if (reason) info.skip(true, reason);
      await use(undefined);
    },
    { auto: true },
  ],
  baseURL: async ({ target }, use) => {
    await use(target.url);
  },
  quiet: [
    async ({ permitted: _, browser, context }, use, info) => {
      const complaints: string[] = [];
      const surfaces = new Set<string>();
      const watch = async (opened: BrowserContext) => {
        await watchSurfaces(opened, surfaces);
        opened.on('console', (message) => {
          if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
        });
        opened.on('weberror', (error) => complaints.push(String(error.error())));
      };
      await watch(context);
      // a flow that opens a second browser opens it by this
      const open = browser.newContext;
      browser.newContext = async (...options) => {
        const opened = await open.apply(browser, options);
        await watch(opened);
        return opened;
      };
      await use(undefined);
      browser.newContext = open;
      info.annotations.push({ type: 'opened', description: [...surfaces].join(', ') });
      expect(
        complaints.filter((text) => !isExpected(text)),
        'console errors and warnings',
      ).toEqual([]);
    },
    { auto: true },
  ],
  evidence: [
    async ({ permitted: _, outside }, use, info) => {
      outside.forget();
      await use(undefined);
      const seen = await outside.evidence(info.status !== info.expectedStatus);
      if (seen.length === 0) return;
      const hosts = seen.map(({ host }) => host).join(', ');
      info.annotations.push({ type: 'hosts seen by', description: `${outside.access}: ${hosts}` });
      for (const { host, text } of seen) {
        if (text) await info.attach(`${host}.txt`, { body: text, contentType: 'text/plain' });
      }
    },
    { auto: true },
  ],
  signInAs: async ({ page, context, target }, use, info) => {
    const ends: (() => Promise<void>)[] = [];
    await use(async (role) => {
      const who = target.signIn(role);
      info.skip(!who, `there is no access key of a ${role}: MORU_${role.toUpperCase()}_KEY_ID and …_SECRET`);
      if (!who) return;
      const end = await signInByApi(context, page, target.url, who);
      // the embedded installation goes with its sessions; elsewhere nobody is to find them
      if (!target.own) ends.push(end);
      await page.goto('/');
      await expect(page.getByRole('heading', { name: 'Instance', level: 1 })).toBeVisible();
    });
    for (const end of ends) await end();
  },
  expectAccessible: async ({ page }, use, info) => {
    const looked = new Set<string>();
    await use(async (at = page) => {
      await expectAccessible(at);
      for (const surface of await surfacesOf(at)) looked.add(surface);
    });
    info.annotations.push({ type: 'looked at with axe', description: [...looked].join(', ') });
  },
  fault: async ({ installation }, use) => {
    await use(async (route, kind, details = {}) => {
      await setFaults(installation, [...faultsOf(installation), { ...readRoute(route), kind, ...details }]);
    });
    if (faultsOf(installation).length > 0) await setFaults(installation, []);
  },
  heal: async ({ installation }, use) => {
    await use(() => setFaults(installation, []));
  },
  reset: async ({ installation, api, outside }, use) => {
    await use(() => resetInstallation(installation, api, outside));
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  run: async ({}, use) => {
    await use(runId());
  },
});

export { expect } from '@playwright/test';

/** Chromium logs each answer of 4xx and 5xx, and a network taken away, by itself; a flow that provokes it is not wrong. */
function isExpected(text: string): boolean {
  return /^Failed to load resource: (the server responded with a status of (4\d\d|502|503|504)|net::ERR_INTERNET_DISCONNECTED)/.test(
    text,
  );
}
