import { setImmediate as nextTurn } from 'node:timers/promises';
import { type InstanceListQuery, searchTextOf } from '@moru/types';
import type { Changes, CloudInstance } from '../cloud/provider.ts';
import { comparison, type Direction, orderOf, type Sort } from '../instances/order.ts';
import { type FirewallOf, matching, type Selection, windowOf } from '../instances/select.ts';

/** More changes than this are sorted in anew, which then costs less than finding the place of each. */
const mostRepaired = 200;

/** Texts made without a pause: a millisecond or two. */
const preparedAtOnce = 250;

interface Order {
  compare: (left: CloudInstance, right: CloudInstance) => number;
  rows: CloudInstance[];
  /** of the rows, in their places: to find 10,000 by their ids takes longer than to look into them; null until asked for */
  texts: string[] | null;
}

/**
 * A project's instances in the orders that somebody has asked for, with the text that filters look into: a keystroke
 * in the filter of 10,000 costs a walk over them and no sorting. About 0.3 kB a row, and 80 kB an order.
 */
export class InstanceIndex {
  readonly #rows: ReadonlyMap<string, CloudInstance>;
  readonly #texts = new Map<string, string>();
  readonly #orders = new Map<string, Order>();

  /** `rows`: as they are; what becomes of them is told to `update`. */
  constructor(rows: ReadonlyMap<string, CloudInstance>) {
    this.#rows = rows;
  }

  update({ changed, gone }: Changes<CloudInstance>): void {
    if (changed.length + gone.length === 0) return;
    const ids = new Set([...gone, ...changed.map(({ id }) => id)]);
    for (const id of ids) this.#texts.delete(id);
    if (ids.size > mostRepaired) {
      this.#orders.clear();
      return;
    }
    for (const order of this.#orders.values()) {
      const rows = order.rows.filter(({ id }) => !ids.has(id));
      for (const row of changed) rows.splice(placeOf(rows, row, order.compare), 0, row);
      order.rows = rows;
      order.texts = null;
    }
  }

  /** Makes the texts of all rows, some at a time, so that nobody's first keystroke waits for thousands. */
  async prepare(): Promise<void> {
    let made = 0;
    for (const row of this.#rows.values()) {
      this.#textOf(row);
      made += 1;
      if (made % preparedAtOnce === 0) await nextTurn();
    }
  }

  select(query: InstanceListQuery, firewallOf: FirewallOf<CloudInstance>): Selection<CloudInstance> {
    const { sort, direction } = orderOf(query);
    const order = this.#order(sort, direction);
    const textAt = (_row: CloudInstance, place: number) => {
      order.texts ??= order.rows.map((row) => this.#textOf(row));
      return order.texts[place] ?? '';
    };
    return windowOf(matching(order.rows, query, firewallOf, textAt), query);
  }

  #order(sort: Sort, direction: Direction): Order {
    const key = `${sort} ${direction}`;
    const known = this.#orders.get(key);
    if (known) return known;
    const compare = comparison(sort, direction);
    const order = { compare, rows: [...this.#rows.values()].sort(compare), texts: null };
    this.#orders.set(key, order);
    return order;
  }

  #textOf(row: CloudInstance): string {
    const known = this.#texts.get(row.id);
    if (known !== undefined) return known;
    const text = searchTextOf(row);
    this.#texts.set(row.id, text);
    return text;
  }
}

function placeOf(rows: readonly CloudInstance[], row: CloudInstance, compare: Order['compare']): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = rows[middle];
    if (there && compare(there, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
