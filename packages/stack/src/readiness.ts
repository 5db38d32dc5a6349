import { ask, signedIn } from './console-api.ts';

const attemptMs = 2_000;
const pauseMs = 50;

/** Resolves when somebody can sign in at `url`; rejects with the last answer after `timeoutMs`. */
export async function signInWorks(url: string, seededAccount: string, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let last = 'no answer';
  while (performance.now() < deadline) {
    try {
      const ready = await ask(url, 'GET', '/readyz', { timeoutMs: attemptMs });
      if (ready.status === 200) return await signedIn(url, seededAccount, async () => {});
      last = `/readyz answered ${ready.status}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new Error(`not ready in ${timeoutMs / 1_000} s: ${last}`);
}
