/** One number that the project promises. */
export interface Figure {
  name: string;
  unit: string;
  /** the promise: at most (or, with `atLeast`, at least) this */
  limit: number;
  atLeast?: boolean;
  runs: number;
  measure(runs: number): Promise<number>;
}

export interface Measured {
  value: number;
  unit: string;
  limit: number;
  runs: number;
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

export function holds(figure: Figure, value: number): boolean {
  return figure.atLeast ? value >= figure.limit : value <= figure.limit;
}
