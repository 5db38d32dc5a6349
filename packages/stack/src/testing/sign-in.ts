import { apiHeader, apiPaths } from '@moru/types';

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever came
type Json = any;

export interface SignedIn {
  status: number;
  cookieName: string;
  /** the answer's JSON; rejects unless the status is 2xx */
  get(path: string): Promise<Json>;
}

/** Signs in as a seeded account the way the console does. */
export async function signIn(url: string, seededAccount: string): Promise<SignedIn> {
  const headers = { [apiHeader.name]: apiHeader.value, origin: url, 'content-type': 'application/json' };
  const answer = await fetch(new URL(apiPaths.session, url), {
    method: 'POST',
    headers,
    body: JSON.stringify({ seededAccount }),
    signal: AbortSignal.timeout(10_000),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return {
    status: answer.status,
    cookieName: cookie.split('=')[0] ?? '',
    async get(path) {
      const got = await fetch(new URL(path, url), {
        headers: { ...headers, cookie },
        signal: AbortSignal.timeout(10_000),
      });
      if (!got.ok) throw new Error(`${path} answered ${got.status}`);
      return got.json();
    },
  };
}
