import type { Page, PublicIp, PublicIpListQuery } from '@moru/types';

const defaultLimit = 20;

/** One window of the addresses that the query matches, newest first. */
export function selectPublicIps(
  all: readonly PublicIp[],
  { q, idle, limit = defaultLimit, offset = 0 }: PublicIpListQuery,
): { rows: PublicIp[]; page: Page } {
  const needle = q?.toLowerCase();
  const found = all.filter(
    (ip) =>
      (!needle || searchText(ip).includes(needle)) &&
      (idle === undefined || idle === (ip.attachedTo === null)),
  );
  found.sort((a, b) => b.createdAt.localeCompare(a.createdAt) || a.id.localeCompare(b.id));
  return { rows: found.slice(offset, offset + limit), page: { total: found.length, offset, limit } };
}

function searchText({ id, address, status, description, privateIp, attachedTo }: PublicIp): string {
  const place = [attachedTo?.instanceName, attachedTo?.instanceId, attachedTo?.networkInterfaceName];
  return [id, address, status, description, privateIp, ...place].join('\n').toLowerCase();
}
