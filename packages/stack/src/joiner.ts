import type { JoinHost } from '@moru/hosts';
import { apiPaths, hostListSchema, issuedTokenSchema } from '@moru/types';
import { ask, signedIn } from './console-api.ts';

const pauseMs = 100;

/**
 * Gives each new host what its first boot enrols with, by the console's own API as the administrator would. Signed in
 * only while it asks, so that no strange session stands in the administrator's list.
 */
export function createJoiner(url: string, account: string): JoinHost {
  let last: Promise<unknown> = Promise.resolve();
  return (spec) => {
    const next = last.then(() =>
      signedIn(url, account, async (cookie) => {
        const wish = { approval: 'automatic', minutes: 10 };
        const answer = await ask(url, 'POST', apiPaths.hostTokens(spec.id), { cookie, body: wish });
        const { server, token } = issuedTokenSchema.parse(answer.body);
        return { server, token };
      }),
    );
    // one after the other: a start with many hosts leaves the console to whoever uses it
    last = next.catch(() => {});
    return next;
  };
}

/**
 * On the first start of an installation resolves when the agent of every running host has checked in, or after
 * `timeoutMs` with the names of those whose has not. Later a host that is not enrolled waits for a person.
 */
export async function hostsEnrolled(url: string, account: string, timeoutMs: number): Promise<string[]> {
  const end = performance.now() + timeoutMs;
  return signedIn(url, account, async (cookie) => {
    for (let isFirst: boolean | undefined; ; ) {
      const { body } = await ask(url, 'GET', `${apiPaths.hosts}?limit=200`, { cookie });
      const { hosts } = hostListSchema.parse(body);
      isFirst ??= hosts.every(({ lastContact }) => lastContact === null);
      const missing = hosts.filter(
        ({ instanceStatus, lastContact }) => instanceStatus === 'active' && lastContact === null,
      );
      if (!isFirst || missing.length === 0) return [];
      if (performance.now() > end) return missing.map(({ name }) => name ?? '');
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  });
}
