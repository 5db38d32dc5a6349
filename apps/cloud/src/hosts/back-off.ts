// From a quarter of a second, so that a restart of the hosts is hardly noticed, to half a minute.
const firstMs = 250;
const longestMs = 30_000;

/** The pause before the next try after this many failures in a row, in ms. */
export function backOffMs(failures: number): number {
  return Math.min(longestMs, firstMs * 2 ** (failures - 1));
}
