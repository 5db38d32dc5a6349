import type { Instance, InstanceListQuery } from '@moru/types';

type Row = Pick<Instance, 'id' | 'name' | 'status' | 'flavor' | 'createdAt' | 'networkInterfaces'>;

const defaultLimit = 20;

const collator = new Intl.Collator('ko', { numeric: true, sensitivity: 'base' });

const sortValue: Record<NonNullable<InstanceListQuery['sort']>, (row: Row) => string | null> = {
  name: (row) => row.name,
  status: (row) => row.status,
  flavor: (row) => row.flavor,
  privateIp: (row) => row.networkInterfaces[0]?.privateIp ?? null,
  publicIp: (row) => row.networkInterfaces.find((nic) => nic.publicIp)?.publicIp?.address ?? null,
  createdAt: (row) => row.createdAt,
};

/** One window of the rows that the query matches, in its order. Newest first where no order is asked for. */
export function selectInstances<Item extends Row>(
  all: readonly Item[],
  { q, sort, direction, limit = defaultLimit, offset = 0 }: InstanceListQuery,
): { rows: Item[]; page: { total: number; offset: number; limit: number } } {
  const needle = q?.toLowerCase();
  const found = needle ? all.filter((row) => searchText(row).includes(needle)) : [...all];
  const ordered = found.sort(comparison(sort ?? 'createdAt', direction ?? (sort ? 'asc' : 'desc')));
  return { rows: ordered.slice(offset, offset + limit), page: { total: found.length, offset, limit } };
}

/** The parts stand on lines of their own, so that no search matches across two of them. */
function searchText({ name, id, status, flavor, networkInterfaces }: Row): string {
  const addresses = networkInterfaces.flatMap((nic) => [nic.privateIp, nic.publicIp?.address]);
  return [name, id, status, flavor, ...addresses].join('\n').toLowerCase();
}

/** Rows without a value come last in both directions; equal ones keep the order of their ids. */
function comparison(sort: keyof typeof sortValue, direction: 'asc' | 'desc') {
  const sign = direction === 'asc' ? 1 : -1;
  const read = sortValue[sort];
  return (left: Row, right: Row): number => {
    const [a, b] = [read(left), read(right)];
    if (a === null || b === null) {
      if (a === b) return left.id < right.id ? -1 : 1;
      return a === null ? 1 : -1;
    }
    return sign * collator.compare(a, b) || (left.id < right.id ? -1 : 1);
  };
}
