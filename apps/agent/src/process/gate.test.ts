import { expect, it } from 'vitest';
import { createGate, GateFull } from './gate.ts';

/** A task that ends when told to. */
function pending() {
  let end = () => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { end, task: () => done };
}

it('runs one after the other, in order, and goes on after a failure', async () => {
  const gate = createGate(1, 10);
  const order: number[] = [];
  const results = await Promise.allSettled(
    [1, 2, 3].map((each) =>
      gate(async () => {
        order.push(each);
        await Promise.resolve();
        order.push(each);
        if (each === 2) throw new Error('two');
      }),
    ),
  );
  expect(order).toEqual([1, 1, 2, 2, 3, 3]);
  expect(results.map((each) => each.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

it('refuses whoever finds the queue full, and takes others again when there is room', async () => {
  const gate = createGate(1, 1);
  const first = pending();
  const running = gate(first.task);
  const waiting = gate(async () => 'second');
  await expect(gate(async () => 'third')).rejects.toBeInstanceOf(GateFull);
  first.end();
  await running;
  await expect(waiting).resolves.toBe('second');
  await expect(gate(async () => 'fourth')).resolves.toBe('fourth');
});

it('lets no more than its width run at once', async () => {
  const gate = createGate(2, 10);
  let running = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 6 }, () =>
      gate(async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
      }),
    ),
  );
  expect(most).toBe(2);
});
