import type { Express } from 'express';
import type { CloudProvider } from '../cloud/provider.ts';
import type { Logger } from '../log.ts';
import { type Database, pingStore } from '../store/store.ts';

/** However often it is asked, the cloud is asked this seldom; less so while it fails, for a start waits for it. */
const freshMs = 1_000;
const failedFreshMs = 100;

/** `/healthz`: the process answers. `/readyz`: the store does too, and the cloud's sign-in service. Open to anybody. */
export function mountHealth(app: Express, db: Database, cloud: CloudProvider, log: Logger): void {
  let last: { until: number; failed: Promise<string[]> } | null = null;

  const failedChecks = async (): Promise<string[]> => {
    const checks = { store: () => pingStore(db), cloud: () => cloud.ping() };
    const failed: string[] = [];
    await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        await check().catch((error: unknown) => {
          log.warn({ error, check: name }, 'not ready');
          failed.push(name);
        });
      }),
    );
    return failed;
  };

  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });

  app.get('/readyz', async (_request, response) => {
    if (!last || Date.now() > last.until) {
      const check = { until: Number.POSITIVE_INFINITY, failed: failedChecks() };
      last = check;
      const count = (await check.failed).length;
      check.until = Date.now() + (count === 0 ? freshMs : failedFreshMs);
    }
    const failed = await last.failed;
    response.status(failed.length === 0 ? 200 : 503).json({
      status: failed.length === 0 ? 'ok' : 'failed',
      failed,
    });
  });
}
