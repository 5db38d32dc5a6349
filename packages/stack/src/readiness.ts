import { request } from 'node:http';
import { apiHeader, apiPaths } from '@moru/types';

const attemptMs = 2_000;
const pauseMs = 50;

/** Resolves when somebody can sign in at `url`; rejects with the last answer after `timeoutMs`. */
export async function signInWorks(url: string, seededAccount: string, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let last = 'no answer';
  while (performance.now() < deadline) {
    try {
      const ready = await call(url, 'GET', '/readyz');
      if (ready.status === 200) {
        const signedIn = await call(url, 'POST', apiPaths.session, { seededAccount });
        if (signedIn.status < 300) {
          await call(url, 'DELETE', apiPaths.session, undefined, signedIn.cookie);
          return;
        }
        last = `sign-in answered ${signedIn.status}`;
      } else last = `/readyz answered ${ready.status}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new Error(`not ready in ${timeoutMs / 1_000} s: ${last}`);
}

function call(
  base: string,
  method: string,
  path: string,
  body?: unknown,
  cookie?: string,
): Promise<{ status: number; cookie: string }> {
  const headers: Record<string, string> = { [apiHeader.name]: apiHeader.value, origin: base };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (cookie) headers.cookie = cookie;
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, base), { method, headers, timeout: attemptMs }, (answer) => {
      answer.resume();
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          cookie: (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; '),
        }),
      );
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
    outgoing.on('error', reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
