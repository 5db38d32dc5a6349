import { ask, signedIn } from './console-api.ts';

const attemptMs = 2_000;
const pauseMs = 50;

/** Resolves when somebody can sign in at `url`; rejects with the last answer after `timeoutMs`. */
export async function signInWorks(url: string, seededAccount: string, timeoutMs: number): Promise<void> {
  await until(timeoutMs, async () => {
    const ready = await ask(url, 'GET', '/readyz', { timeoutMs: attemptMs });
    if (ready.status !== 200) return `/readyz answered ${ready.status}`;
    await signedIn(url, seededAccount, async () => {});
    return null;
  });
}

/** Resolves when the cloud at `url` answers; rejects after `timeoutMs`. */
export async function cloudAnswers(url: string, timeoutMs: number): Promise<void> {
  await until(timeoutMs, async () => {
    const { status } = await ask(url, 'GET', '/healthz', { timeoutMs: attemptMs });
    return status === 200 ? null : `/healthz answered ${status}`;
  });
}

/** Tries until there is no reason left why it is not ready. */
async function until(timeoutMs: number, reasonNow: () => Promise<string | null>): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let last = 'no answer';
  while (performance.now() < deadline) {
    try {
      const reason = await reasonNow();
      if (reason === null) return;
      last = reason;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new Error(`not ready in ${timeoutMs / 1_000} s: ${last}`);
}
