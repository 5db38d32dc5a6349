import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, devices, type PlaywrightTestConfig } from '@playwright/test';
import { readTarget, runId } from './target.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

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

/** Other browsers are asked for by name: Playwright has to have downloaded them. */
const otherBrowsers = { firefox: devices['Desktop Firefox'], webkit: devices['Desktop Safari'] } as const;

/** How flows run, as the environment says; read once more by every worker, which inherits what is set here. */
export function flowsConfig(environment: NodeJS.ProcessEnv): PlaywrightTestConfig {
  readTarget(environment);
  runId(environment);
  const reports = environment.MORU_FLOWS_REPORTS ?? join(root, '.moru/reports/flows');
  const output = environment.MORU_FLOWS_OUTPUT ?? join(root, '.moru/flows');
  mkdirSync(join(root, '.moru'), { recursive: true });
  environment.MORU_FLOWS_SECRETS ??= join(root, '.moru', `flows-secrets-${process.pid}`);
  const wanted = (environment.MORU_BROWSERS ?? 'chromium').split(',').map((name) => name.trim());
  return defineConfig({
    testDir: join(root, 'packages/flows/src'),
    testMatch: '**/*.flow.ts',
    outputDir: output,
    // each worker starts an installation of its own: four hosts, some 600 MiB
    workers: 2,
    fullyParallel: false,
    forbidOnly: Boolean(environment.CI),
    retries: 0,
    // the longest flow takes half a minute on two idle cores; a busy machine may take several times as long
    timeout: 240_000,
    expect: { timeout: 20_000 },
    globalTeardown: join(root, 'packages/flows/src/report/teardown.ts'),
    reporter: [
      [join(root, 'packages/flows/src/report/reporter.ts')],
      ['list'],
      ['html', { outputFolder: join(reports, 'html'), open: 'never' }],
      ['junit', { outputFile: join(reports, 'junit.xml') }],
      ['json', { outputFile: environment.MORU_FLOWS_JSON || join(reports, 'flows.json') }],
    ],
    use: {
      locale: 'ko-KR',
      timezoneId: 'Asia/Seoul',
      viewport: { width: 1440, height: 900 },
      ignoreHTTPSErrors: environment.MORU_IGNORE_TLS === '1',
      // each step with its page; the film of pictures beside them took a quarter of the processors' time
      trace: { mode: 'retain-on-failure', screenshots: false },
      screenshot: 'only-on-failure',
      actionTimeout: 20_000,
    },
    projects: [
      {
        name: 'chromium',
        use: {
          launchOptions: {
            executablePath: environment.MORU_CHROMIUM ?? '/usr/bin/chromium',
            args: quietChromium,
          },
        },
      },
      ...Object.entries(otherBrowsers).map(([name, device]) => ({
        name,
        use: { ...device, viewport: { width: 1440, height: 900 } },
      })),
    ].filter(({ name }) => wanted.includes(name)),
  });
}
