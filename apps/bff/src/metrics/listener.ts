import type { RequestListener } from 'node:http';
import type { Logger } from '../log.ts';
import type { Metrics } from './metrics.ts';

/** Answers `GET /metrics` and nothing else: on a listener of its own, which browsers are not led to. */
export function metricsHandler(metrics: Metrics, log: Logger): RequestListener {
  return (request, response) => {
    if (request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    if (request.method !== 'GET') {
      response.writeHead(405, { allow: 'GET' }).end();
      return;
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      (error: unknown) => {
        log.error({ error }, 'metrics were not collected');
        response.writeHead(500).end();
      },
    );
  };
}
