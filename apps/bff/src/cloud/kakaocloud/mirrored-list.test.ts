import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MirroredList, type PageQuery } from './mirrored-list.ts';

interface Thing {
  id: string;
  value: number;
}

/** A list of the wire as the cloud keeps it, with how many rows were asked for. */
class Upstream {
  rows = new Map<string, Thing & { created: number; updated: number }>();
  asked = 0;
  #clock = 0;

  put(id: string, value: number) {
    this.#clock += 1;
    this.rows.set(id, {
      id,
      value,
      created: this.rows.get(id)?.created ?? this.#clock,
      updated: this.#clock,
    });
  }

  readonly page = async ({ offset, limit, sort_keys, sort_dirs }: PageQuery) => {
    const key = sort_keys === 'updated_at' ? 'updated' : 'created';
    const sign = sort_dirs === 'asc' ? 1 : -1;
    const sorted = [...this.rows.values()].sort((a, b) => sign * (a[key] - b[key]));
    const rows = sorted.slice(offset, offset + limit).map(({ id, value }) => ({ id, value }));
    this.asked += rows.length;
    return { rows, total: this.rows.size };
  };
}

function filled(count: number) {
  const upstream = new Upstream();
  for (let number = 0; number < count; number += 1) upstream.put(`row-${number}`, 0);
  return { upstream, list: new MirroredList<Thing>() };
}

test('what changed in a long list costs one page, and rows that stayed keep their object', async () => {
  const { upstream, list } = filled(3_000);
  await list.refresh(upstream.page, false);
  expect(list.takeChanged().size).toBe(3_000);
  const before = list.get('row-7');
  upstream.asked = 0;
  upstream.put('row-2000', 5);
  await list.refresh(upstream.page, false);
  expect(upstream.asked).toBeLessThanOrEqual(400);
  expect([...list.takeChanged()]).toEqual([['row-2000', { id: 'row-2000', value: 0 }]]);
  expect(list.get('row-7')).toBe(before);
});

test('what a refresh that fails half way has found is told by the next', async () => {
  const { upstream, list } = filled(2_500);
  let calls = 0;
  const failing = async (query: PageQuery) => {
    calls += 1;
    if (calls === 2) throw new Error('the cloud is away');
    return upstream.page(query);
  };
  await expect(list.refresh(failing, false)).rejects.toThrow('away');
  await list.refresh(upstream.page, false);
  expect(list.takeChanged().size).toBe(2_500);
});

test('equals the list upstream after any changes, short or long', async () => {
  const change = fc.record({ row: fc.nat(1_400), value: fc.nat(9), gone: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(30, 1_200), fc.array(fc.array(change)), async (count, rounds) => {
      const { upstream, list } = filled(count);
      for (const changes of [[], ...rounds]) {
        for (const { row, value, gone } of changes) {
          if (gone) upstream.rows.delete(`row-${row}`);
          else upstream.put(`row-${row}`, value);
        }
        await list.refresh(upstream.page, false);
        const held = new Map([...list.values()].map(({ id, value }) => [id, value]));
        expect(held).toEqual(new Map([...upstream.rows.values()].map(({ id, value }) => [id, value])));
      }
    }),
    { numRuns: 30 },
  );
});
