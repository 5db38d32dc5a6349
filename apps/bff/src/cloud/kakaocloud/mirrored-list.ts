import { maximumLimit } from '@moru/kakaocloud';

export interface WirePage<Row> {
  rows: Row[];
  total: number;
}

type ReadPage<Row> = (query: PageQuery) => Promise<WirePage<Row>>;

export interface PageQuery {
  offset: number;
  limit: number;
  sort_keys: string;
  sort_dirs: 'asc' | 'desc';
}

/** Of a list that does not fit one answer, what changed last is looked at: so many rows at a time. */
const lookLimit = 200;

/** Pages asked for at once while a list is read whole: enough to keep the cloud busy, and no flood. */
const concurrency = 3;

/** 500 instances is the quota of a project (reference/kakaocloud.md A.9); this is room for an embedded 10,000. */
const maximumPages = 20;

/**
 * A list of the wire, held so that it is brought up to date for the price of what changed. What fits one answer is read
 * whole each time. Of a longer list the rows that were changed last are read until a page holds nothing new; when the
 * count then differs, rows are gone, and it is read whole.
 */
export class MirroredList<Row extends { id: string }> {
  readonly #rows = new Map<string, { row: Row; text: string }>();
  readonly #changed: Map<string, Row | undefined> = new Map();
  #isRead = false;

  get size(): number {
    return this.#rows.size;
  }

  get isLong(): boolean {
    return this.#rows.size > maximumLimit;
  }

  /** `takeChanged` would tell of something. */
  get hasChanged(): boolean {
    return this.#changed.size > 0;
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id)?.row;
  }

  *values(): Iterable<Row> {
    for (const { row } of this.#rows.values()) yield row;
  }

  async refresh(readPage: ReadPage<Row>, whole: boolean): Promise<void> {
    const isKnown = this.#isRead && this.isLong && !whole;
    if (!isKnown || !(await this.#readChanges(readPage))) await this.#readWhole(readPage);
    this.#isRead = true;
  }

  /**
   * The rows that changed since this was last asked, by id, as they were before; undefined for one that is new. A refresh
   * that failed half way leaves what it found to the next.
   */
  takeChanged(): Map<string, Row | undefined> {
    const changed = new Map(this.#changed);
    this.#changed.clear();
    return changed;
  }

  /** Takes over a row that was read alone; null when it is gone. */
  put(id: string, row: Row | null): void {
    if (row) this.#take([row]);
    else this.#remove(id);
  }

  /** Whether that makes it whole. */
  async #readChanges(readPage: ReadPage<Row>): Promise<boolean> {
    for (let offset = 0; ; offset += lookLimit) {
      const page = await readPage({ offset, limit: lookLimit, sort_keys: 'updated_at', sort_dirs: 'desc' });
      const isNew = this.#take(page.rows);
      if (!isNew || page.rows.length < lookLimit) return page.total === this.#rows.size;
    }
  }

  async #readWhole(readPage: ReadPage<Row>): Promise<void> {
    const seen = new Set<string>();
    const read = async (offset: number) => {
      // the oldest first: what is made meanwhile comes at the end and moves nothing
      const query = { offset, limit: maximumLimit, sort_keys: 'created_at', sort_dirs: 'asc' } as const;
      const page = await readPage(query);
      this.#take(page.rows);
      for (const { id } of page.rows) seen.add(id);
      return page;
    };
    const { total, rows } = await read(0);
    // a cloud may give fewer rows than it was asked for
    const step = Math.max(rows.length, 1);
    const offsets = Array.from(
      { length: Math.min(Math.ceil(total / step), maximumPages) - 1 },
      (_, index) => (index + 1) * step,
    );
    const next = offsets.values();
    const one = async () => {
      for (const offset of next) await read(offset);
    };
    await Promise.all(Array.from({ length: concurrency }, one));
    for (const id of [...this.#rows.keys()]) if (!seen.has(id)) this.#remove(id);
  }

  /** Whether one of them is other than it was. An unchanged row keeps its object, so that a refresh leaves no garbage. */
  #take(rows: readonly Row[]): boolean {
    let isNew = false;
    for (const row of rows) {
      const before = this.#rows.get(row.id);
      const text = JSON.stringify(row);
      if (before?.text === text) continue;
      isNew = true;
      if (!this.#changed.has(row.id)) this.#changed.set(row.id, before?.row);
      this.#rows.set(row.id, { row, text });
    }
    return isNew;
  }

  #remove(id: string): void {
    const before = this.#rows.get(id);
    if (!before) return;
    if (!this.#changed.has(id)) this.#changed.set(id, before.row);
    this.#rows.delete(id);
  }
}
