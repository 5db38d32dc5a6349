import { apiHeader, apiPaths, type SignIn } from '@moru/types';
import type { BrowserContext, Page } from '@playwright/test';
import { keepSecret } from '../report/secrets.ts';

/**
 * Signs a browser in without its doing: the key goes past everything that is recorded, and the session comes as a
 * cookie. Answers what ends the session.
 */
export async function signInByApi(
  context: BrowserContext,
  page: Page,
  url: string,
  who: SignIn,
): Promise<() => Promise<void>> {
  // the list of sessions names the browser that a session is for
  const agent = await page.evaluate<string>('navigator.userAgent');
  const headers = { [apiHeader.name]: apiHeader.value, origin: url, 'user-agent': agent };
  const answer = await fetch(new URL(apiPaths.session, url), {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(who),
    signal: AbortSignal.timeout(20_000),
  });
  const [line = ''] = answer.headers.getSetCookie();
  const [, name, value] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
  if (answer.status !== 200 || !name || !value) {
    throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`);
  }
  keepSecret(value);
  // a `__Host-` cookie is set for a secure address only; cookies know neither port nor scheme after that
  const place = `https://${new URL(url).hostname}/`;
  await context.addCookies([
    { name, value, url: place, httpOnly: true, secure: true, sameSite: 'Strict' as const },
  ]);
  return async () => {
    await fetch(new URL(apiPaths.session, url), {
      method: 'DELETE',
      headers: { ...headers, cookie: `${name}=${value}` },
      signal: AbortSignal.timeout(20_000),
    });
  };
}
