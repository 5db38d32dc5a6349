import { randomBytes } from 'node:crypto';
import { ApiFailure } from '../http/failure.ts';
import type { Store } from '../store/store.ts';
import { addressOf, type Block, blockOf, numberOf } from '../vpc/blocks.ts';

/** The network itself, its gateway, and two that the platform keeps; how many it keeps is not documented. */
const reserved = 4;

export interface SubnetBlock {
  id: string;
  cidr_block: string;
}

/** The subnet's addresses that interfaces may have; the last one is for broadcasts. */
export function usable({ cidr_block }: Pick<SubnetBlock, 'cidr_block'>): Block {
  const { first, last, prefix } = blockOf(cidr_block);
  return { first: first + reserved, last: last - 1, prefix };
}

/**
 * The address that is wanted, or the lowest free one of the subnet.
 *
 * @throws ApiFailure 400 for one that is not the subnet's to give, 409 when it is taken or none is left
 */
export function freeAddress(
  store: Store,
  subnet: SubnetBlock,
  wanted: string | null | undefined,
  field: string,
): string {
  const { first, last } = usable(subnet);
  const rows = store.all<{ private_ip: string }>(
    'SELECT private_ip FROM network_interfaces WHERE subnet_id = ?',
    subnet.id,
  );
  const taken = new Set(rows.map((row) => row.private_ip));
  if (wanted != null) {
    const number = numberOf(wanted);
    if (number < first || number > last) {
      throw new ApiFailure(400, `${field}: must be from ${addressOf(first)} to ${addressOf(last)}`);
    }
    if (taken.has(wanted)) throw new ApiFailure(409, `${wanted} is taken by another network interface`);
    return wanted;
  }
  for (let number = first; number <= last; number += 1) {
    const address = addressOf(number);
    if (!taken.has(address)) return address;
  }
  throw new ApiFailure(409, `${subnet.cidr_block} has no free address left`);
}

/** A MAC address that no interface has, with the prefix that OpenStack gives to its ports. */
export function freshMac(store: Store): string {
  for (;;) {
    const mac = macOf(randomBytes(3).readUIntBE(0, 3));
    if (store.get('SELECT 1 FROM network_interfaces WHERE mac_address = ?', mac) === undefined) return mac;
  }
}

/** `number` below 2^24. */
export function macOf(number: number): string {
  const bytes = [16, 8, 0].map((bits) => ((number >> bits) & 0xff).toString(16).padStart(2, '0'));
  return `fa:16:3e:${bytes.join(':')}`;
}
