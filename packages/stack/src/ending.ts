const secondAskMs = 1_000;

/**
 * Resolves at the first Ctrl-C, SIGTERM or hang-up, or when the process that started this one is gone.
 * A second Ctrl-C does not wait: everything is tied to this process and ends with it.
 */
export function endOnSignals(): Promise<void> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    const ask = () => {
      // one Ctrl-C may arrive twice, from the terminal and from the process above
      if (askedAt !== undefined && performance.now() - askedAt > secondAskMs) process.exit(130);
      askedAt ??= performance.now();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
    process.once('disconnect', () => resolve());
  });
}
