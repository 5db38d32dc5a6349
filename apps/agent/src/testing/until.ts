/** Tries until it gives something, at most `ms` long. */
export async function until<T>(ms: number, act: () => Promise<T | null | undefined | false>): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const result = await act();
    if (result) return result;
    if (performance.now() > end) throw new Error(`nothing but ${result} came within ${ms} ms: ${act}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
