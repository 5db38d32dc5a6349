// apart from the schemas: a list that filters while it waits does not bring them to the browser

interface Searched {
  name: string;
  id: string;
  status: string;
  flavor: string | null;
  networkInterfaces: readonly { privateIp: string | null; publicIp: { address: string } | null }[];
}

/**
 * What `q` of the instance list looks for its text in, in lower case. The parts stand on lines of their own, so that
 * none matches across two of them.
 */
export function searchTextOf({ name, id, status, flavor, networkInterfaces }: Searched): string {
  const addresses = networkInterfaces.flatMap((nic) => [nic.privateIp, nic.publicIp?.address]);
  return [name, id, status, flavor, ...addresses].join('\n').toLowerCase();
}
