import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { type Installation, startInstallation } from '@moru/stack';
import { test as base, expect, type Page } from '@playwright/test';
import { type InstallationApi, installationApi } from './testing/api.ts';
import { type Outside, outside } from './testing/outside.ts';

interface WorkerFixtures {
  /** an embedded installation of this worker's own, with real hosts */
  installation: Installation;
  /** the console's API, signed in as project admin: what a flow looks up, never what it tests */
  api: InstallationApi;
  outside: Outside;
}

interface TestFixtures {
  /** fails the flow on any console error or warning, page error, or blocked content */
  quiet: undefined;
  /** signs in on the sign-in page by the button of a seeded account */
  signInAs(account: 'admin' | 'member' | 'reader'): Promise<void>;
  /** axe finds nothing against WCAG 2.2 AA on the page as it is now */
  expectAccessible(): Promise<void>;
}

const root = fileURLToPath(new URL('../../../.moru', import.meta.url));

export const test = base.extend<TestFixtures, WorkerFixtures>({
  installation: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use, { parallelIndex }) => {
      const name = `flows-${process.pid}-${parallelIndex}`;
      const installation = await startInstallation(
        { name, port: 0, fresh: true, hosts: 'namespaces', root, faults: true, attachMs: 700 },
        () => {},
      );
      await use(installation);
      await installation.close();
      await rm(installation.folders.base, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  api: [
    async ({ installation }, use) => {
      await use(await installationApi(installation.url));
    },
    { scope: 'worker' },
  ],
  outside: [
    async ({ installation, api }, use) => {
      await use(outside(installation, api));
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ installation }, use) => {
    await use(installation.url);
  },
  quiet: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      await use(undefined);
      expect(
        complaints.filter((text) => !isExpected(text)),
        'console errors and warnings',
      ).toEqual([]);
    },
    { auto: true },
  ],
  signInAs: async ({ page }, use) => {
    await use(async (account) => {
      await page.goto('/');
      await page.getByTestId(`seeded-${account}`).click();
      await expect(page.getByRole('heading', { name: 'Instance', level: 1 })).toBeVisible();
    });
  },
  expectAccessible: async ({ page }, use) => {
    await use(() => accessible(page));
  },
});

export { expect } from '@playwright/test';

/** Chromium logs each answer of 4xx and 5xx, and a network taken away, by itself; a flow that provokes it is not wrong. */
function isExpected(text: string): boolean {
  return /^Failed to load resource: (the server responded with a status of (4\d\d|502|503|504)|net::ERR_INTERNET_DISCONNECTED)/.test(
    text,
  );
}

async function accessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    // React Aria's announcer points at a pressed button by its id, also when the page with it is gone
    .exclude('[data-live-announcer]')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  const told = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`,
  );
  expect(told, 'axe').toEqual([]);
}
