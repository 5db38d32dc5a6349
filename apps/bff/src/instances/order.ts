import type { InstanceListQuery } from '@moru/types';
import type { CloudInstance } from '../cloud/provider.ts';

export type Row = Pick<
  CloudInstance,
  | 'id'
  | 'name'
  | 'status'
  | 'flavor'
  | 'image'
  | 'availabilityZone'
  | 'keyName'
  | 'hostname'
  | 'createdAt'
  | 'networkInterfaces'
>;

export type Sort = NonNullable<InstanceListQuery['sort']>;
export type Direction = NonNullable<InstanceListQuery['direction']>;

const collator = new Intl.Collator('ko', { numeric: true, sensitivity: 'base' });

const sortValue: Record<Sort, (row: Row) => string | null> = {
  name: (row) => row.name,
  status: (row) => row.status,
  flavor: (row) => row.flavor,
  image: (row) => row.image,
  availabilityZone: (row) => row.availabilityZone,
  subnet: (row) => row.networkInterfaces[0]?.subnet?.name ?? null,
  privateIp: (row) => row.networkInterfaces[0]?.privateIp ?? null,
  publicIp: (row) => row.networkInterfaces.find((nic) => nic.publicIp)?.publicIp?.address ?? null,
  keyName: (row) => row.keyName,
  hostname: (row) => row.hostname,
  createdAt: (row) => row.createdAt,
  id: (row) => row.id,
};

/** Times are all of one form: their order is that of their bytes, found far sooner than that of words. */
const byBytes = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Newest first where no order is asked for; ascending where no direction is. */
export function orderOf({ sort, direction }: Pick<InstanceListQuery, 'sort' | 'direction'>): {
  sort: Sort;
  direction: Direction;
} {
  return { sort: sort ?? 'createdAt', direction: direction ?? (sort ? 'asc' : 'desc') };
}

/** Rows without a value come last in both directions; equal ones keep the order of their ids. */
export function comparison(sort: Sort, direction: Direction): (left: Row, right: Row) => number {
  const sign = direction === 'asc' ? 1 : -1;
  const read = sortValue[sort];
  const compare = sort === 'createdAt' ? byBytes : collator.compare;
  return (left, right) => {
    const [a, b] = [read(left), read(right)];
    if (a === null || b === null) {
      if (a === b) return left.id < right.id ? -1 : 1;
      return a === null ? 1 : -1;
    }
    return sign * compare(a, b) || (left.id < right.id ? -1 : 1);
  };
}
