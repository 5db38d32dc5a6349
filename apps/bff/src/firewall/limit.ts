/** Runs at most `count` tasks at a time; the others wait in the order in which they came. */
export function createLimit(count: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      // the place is handed on without becoming free, or a newcomer could take it first
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
