/** Thrown when as many are waiting as may wait. */
export class GateFull extends Error {
  constructor() {
    super('too many are waiting');
    this.name = 'GateFull';
  }
}

/** Lets `width` tasks run at once and at most `waiting` more wait, in order; throws GateFull beyond that. */
export function createGate(width: number, waiting: number): <T>(task: () => Promise<T>) => Promise<T> {
  const queue: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= width) {
      if (queue.length >= waiting) throw new GateFull();
      // the one who leaves hands its place over, so `running` does not change on the way
      await new Promise<void>((resolve) => queue.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await task();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
