/** Tries until `act` no longer rejects, at most `ms` long; then rejects with its last error. */
export async function until<T>(ms: number, act: () => T | Promise<T>): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
