import { defineConfig } from '@playwright/test';

/** Without these Debian's Chromium looks up its maker's hosts at every start; as root it needs --no-sandbox. */
const quietChromium = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig({
  testDir: 'packages/flows/src',
  testMatch: '**/*.flow.ts',
  outputDir: '.moru/flows',
  // each worker starts an installation of its own: four hosts, some 600 MiB
  workers: 2,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  // the longest flow takes half a minute on two idle cores; a busy machine may take several times as long
  timeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: process.env.MORU_FLOWS_JSON
    ? [['list'], ['json', { outputFile: process.env.MORU_FLOWS_JSON }]]
    : [['list']],
  use: {
    locale: 'ko-KR',
    timezoneId: 'Asia/Seoul',
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    actionTimeout: 20_000,
    launchOptions: {
      executablePath: process.env.MORU_CHROMIUM ?? '/usr/bin/chromium',
      args: quietChromium,
    },
  },
});
