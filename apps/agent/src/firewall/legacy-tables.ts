import { readFileSync } from 'node:fs';
import type { Family } from '@moru/types';
import { errorCode } from '../process/durable.ts';

const files: Record<Family, string> = {
  ipv4: '/proc/net/ip_tables_names',
  ipv6: '/proc/net/ip6_tables_names',
};

/**
 * Whether the kernel has tables of legacy for the family, by the file that iptables-legacy-save itself goes by; the
 * kernel makes it as it is read. A kernel that knows none has no such file; one that may not be read tells nothing, and
 * counts as having some.
 */
export function hasLegacyTables(family: Family): boolean {
  try {
    return readFileSync(files[family], 'utf8').trim() !== '';
  } catch (error) {
    return errorCode(error) !== 'ENOENT';
  }
}
