import { defaultLimit, maximumLimit, type Pagination, sortDirections } from '@moru/kakaocloud';
import { z } from 'zod';
import { ApiFailure } from '../http/failure.ts';
import type { Store } from './store.ts';

/** How one resource is listed. Filters are SQL conditions with one `?`, sorts are SQL expressions. */
export interface Listing<Filter extends string = string> {
  select: string;
  from: string;
  /** the rows' own table, where `from` joins further ones that neither add nor drop a row: enough to count them */
  table?: string;
  /** null: rows of all projects, as in a catalogue */
  project: string | null;
  id: string;
  filters: Record<Filter, string>;
  sorts: Record<string, string>;
}

const text = z.string().optional();
const count = z
  .string()
  .regex(/^\d{1,9}$/, 'must be a whole number')
  .transform(Number);
const pageSchema = z.object({
  offset: count.default(0),
  limit: count
    .refine((limit) => limit > 0, 'must be at least 1')
    .transform((limit) => Math.min(limit, maximumLimit))
    .default(defaultLimit),
  sort_keys: text,
  sort_dirs: text,
});

/**
 * One page of a project's rows (reference/kakaocloud.md C.3): created_at desc and 20 rows unless asked otherwise.
 * Unknown query names are let pass, as the newer clients send more than the older ones.
 *
 * @throws ApiFailure 400 for a value that is not understood
 */
export function listPage<Row>(
  store: Store,
  listing: Listing,
  projectId: string,
  query: Record<string, unknown>,
): { rows: Row[]; pagination: Pagination } {
  const parsed = pageSchema.safeParse(query);
  if (!parsed.success) throw ApiFailure.ofInput(parsed.error);
  const page = parsed.data;
  const conditions = listing.project === null ? ['TRUE'] : [`${listing.project} = ?`];
  const values: string[] = listing.project === null ? [] : [projectId];
  for (const [name, condition] of Object.entries(listing.filters)) {
    const value = query[name];
    if (value === undefined) continue;
    // A repeated parameter arrives as an array.
    if (typeof value !== 'string') throw new ApiFailure(400, `${name}: give it once`);
    conditions.push(condition);
    values.push(value);
  }
  const where = `WHERE ${conditions.join(' AND ')}`;
  // a filter may look into what is joined
  const counted = conditions.length === 1 ? (listing.table ?? listing.from) : listing.from;
  const total = store.count(`SELECT count(*) FROM ${counted} ${where}`, ...values);
  const rows = store.all<Row>(
    `SELECT ${listing.select} FROM ${listing.from} ${where} ORDER BY ${orderOf(listing, page)} LIMIT ? OFFSET ?`,
    ...values,
    page.limit,
    page.offset,
  );
  return { rows, pagination: { total, offset: page.offset, limit: page.limit } };
}

/**
 * The id decides between equals, or a row could stand on two pages or on none. It goes the way of the key before it,
 * as in the indexes by age, so that these need no sorting.
 */
function orderOf(listing: Listing, page: { sort_keys?: string | undefined; sort_dirs?: string | undefined }) {
  const keys = (page.sort_keys || 'created_at').split(',').map((key) => key.trim());
  const directions = (page.sort_dirs || 'desc').split(',').map(directionOf);
  const last = directions.at(-1);
  const terms = keys.map((key, index) => {
    const expression = Object.hasOwn(listing.sorts, key) ? listing.sorts[key] : undefined;
    if (expression === undefined) throw new ApiFailure(400, `sort_keys: '${key}' is not a key of this list`);
    return `${expression} ${directions[index] ?? last}`;
  });
  return [...terms, `${listing.id} ${directions[keys.length - 1] ?? last}`].join(', ');
}

function directionOf(text: string): (typeof sortDirections)[number] {
  const direction = sortDirections.find((known) => known === text.trim().toLowerCase());
  if (direction === undefined) throw new ApiFailure(400, `sort_dirs: '${text}' is neither asc nor desc`);
  return direction;
}
