import { request } from 'node:http';
import type { HostDriver } from './driver.ts';

/** Booting a host takes about a second; more than this means that something is stuck. */
const timeoutMs = 30_000;

/**
 * The driver of a running installation, reached over the unix socket that the stack serves
 * (`serveHostControl`). Hosts live in the stack, so they outlive a crash of the cloud, as servers do.
 */
export function connectHostControl(socketPath: string): HostDriver {
  const call = (method: string, argument: unknown) => post(socketPath, `/${method}`, argument);
  return {
    start: (spec) => call('start', spec),
    stop: (id) => call('stop', { id }),
    reboot: (id) => call('reboot', { id }),
    rebuild: (spec) => call('rebuild', spec),
    setPublicIps: (mappings) => call('public-ips', mappings),
  };
}

function post(socketPath: string, path: string, body: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        socketPath,
        path,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        timeout: timeoutMs,
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          text = (text + chunk).slice(0, 4096);
        });
        answer.on('error', reject);
        answer.on('end', () => {
          if (answer.statusCode === 204) resolve();
          else reject(new Error(`host control ${path}: ${answer.statusCode} ${text}`));
        });
      },
    );
    outgoing.on('timeout', () =>
      outgoing.destroy(new Error(`host control ${path}: no answer in ${timeoutMs} ms`)),
    );
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(body));
  });
}
