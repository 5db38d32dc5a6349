import { request } from 'node:http';
import type { HostDriver } from './driver.ts';

/** Booting a host takes about a second; more than this means that something is stuck. */
const timeoutMs = 30_000;

/** Twice what a console gives. */
const maximumAnswerLength = 128 * 1024;

/**
 * The driver of a running installation, reached over the unix socket that the stack serves
 * (`serveHostControl`). Hosts live in the stack, so they outlive a crash of the cloud, as servers do.
 */
export function connectHostControl(socketPath: string): HostDriver {
  const ask = (method: string, argument: unknown) => post(socketPath, `/${method}`, argument);
  const tell = async (method: string, argument: unknown) => void (await ask(method, argument));
  return {
    start: (spec) => tell('start', spec),
    stop: (id) => tell('stop', { id }),
    reboot: (spec) => tell('reboot', spec),
    rebuild: (spec) => tell('rebuild', spec),
    plug: (spec) => tell('plug', spec),
    remove: ({ id, hostname }) => tell('remove', { id, hostname }),
    console: ({ id, hostname }) => ask('console', { id, hostname }),
    setPublicIps: (mappings) => tell('public-ips', mappings),
  };
}

/** What the answer says; empty where it says nothing. */
function post(socketPath: string, path: string, body: unknown): Promise<string> {
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
          text = (text + chunk).slice(0, maximumAnswerLength);
        });
        answer.on('error', reject);
        answer.on('end', () => {
          if (answer.statusCode === 204 || answer.statusCode === 200) resolve(text);
          else reject(new Error(`host control ${path}: ${answer.statusCode} ${text.slice(0, 4096)}`));
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
