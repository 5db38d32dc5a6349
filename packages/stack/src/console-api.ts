import { apiHeader, apiPaths } from '@moru/types';

export interface ConsoleAnswer {
  status: number;
  /** `name=value`, where the answer set one */
  cookie: string;
  body: unknown;
}

/** One request to the BFF, as the console's own pages send them. */
export async function ask(
  base: string,
  method: string,
  path: string,
  { body, cookie, timeoutMs = 10_000 }: { body?: unknown; cookie?: string; timeoutMs?: number } = {},
): Promise<ConsoleAnswer> {
  const answer = await fetch(new URL(path, base), {
    method,
    headers: {
      [apiHeader.name]: apiHeader.value,
      origin: base,
      ...(cookie && { cookie }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await answer.text();
  const [line = ''] = answer.headers.getSetCookie();
  return {
    status: answer.status,
    cookie: line.split(';')[0] ?? '',
    body: /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : null,
  };
}

/** Acts signed in as a seeded account; the session ends with it. */
export async function signedIn<T>(
  base: string,
  seededAccount: string,
  act: (cookie: string) => Promise<T>,
): Promise<T> {
  const { status, cookie } = await ask(base, 'POST', apiPaths.session, { body: { seededAccount } });
  if (status !== 200) throw new Error(`sign-in answered ${status}`);
  try {
    return await act(cookie);
  } finally {
    await ask(base, 'DELETE', apiPaths.session, { cookie }).catch(() => {});
  }
}
