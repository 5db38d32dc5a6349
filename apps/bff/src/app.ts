import express, { type Express, type RequestHandler } from 'express';
import type { CloudProvider } from './cloud/provider.ts';
import { mountHealth } from './health/health.ts';
import { requireHost, requireOwnOrigin } from './http/guard.ts';
import { mountRoutes, type RouteServices } from './http/mount-routes.ts';
import { answerProblems, unknownRoute } from './http/problems.ts';
import { followRequests } from './http/requests.ts';
import type { Route } from './http/route.ts';
import { securityHeaders } from './http/security-headers.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Database } from './store/store.ts';

export interface AppParts extends RouteServices {
  publicUrl: URL;
  db: Database;
  cloud: CloudProvider;
  routes: readonly Route[];
  metrics: Metrics;
  /** null: the API alone */
  consoleFiles: RequestHandler | null;
}

/** Order matters: log, headers, health, Host, then under /api Origin and routes, then the console's files. */
export function createApp({
  publicUrl,
  db,
  cloud,
  routes,
  metrics,
  consoleFiles,
  ...services
}: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.enable('strict routing');
  // nested and repeated keys are not understood at all
  app.set('query parser', 'simple');

  app.use(followRequests(services.log, metrics));
  app.use(securityHeaders(publicUrl));
  mountHealth(app, db, cloud, services.log);
  app.use(requireHost(publicUrl));
  app.use('/api', noStore, requireOwnOrigin(publicUrl));
  mountRoutes(app, routes, services);
  app.use('/api', unknownRoute);
  if (consoleFiles) app.use(consoleFiles);
  app.use(unknownRoute);
  app.use(answerProblems(services.log));
  return app;
}

const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader('cache-control', 'no-store');
  next();
};
