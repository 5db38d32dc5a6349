/** A network interface of a host, as the cloud decided it. */
export interface HostNic {
  id: string;
  /** name inside the host: eth0, eth1 … */
  device: string;
  mac: string;
  address: string;
  /** length of the subnet's prefix */
  prefix: number;
  gateway: string;
  /** the subnet's name in the fabric, at most 11 of a-z and 0-9; its bridge is made when the first host needs it */
  network: string;
}

/** What stands behind an instance. Interfaces in the order of the instance's addresses. */
export interface HostSpec {
  /** the instance's id; also the DNS name in the agent's certificate */
  id: string;
  hostname: string;
  /** which iptables the image ships */
  backend: 'legacy' | 'nft';
  nics: HostNic[];
  /** serves a page on port 80 */
  webServer: boolean;
  /** the image's account for its administrator, beside root */
  adminUser: string;
  /** public keys that sign in as root and as the administrator; a disk gets them when it is made, as from cloud-init */
  authorizedKeys: string[];
}

/** Which host, and by which name its logs are kept. */
export type HostName = Pick<HostSpec, 'id' | 'hostname'>;

/** Interfaces of the newer spec that the older one did not have. */
export function addedNics(older: HostSpec, newer: HostSpec): HostNic[] {
  const known = new Set(older.nics.map(({ id }) => id));
  return newer.nics.filter(({ id }) => !known.has(id));
}

/** One Public IP and the private address that it stands for. */
export interface PublicIpMapping {
  publicIp: string;
  privateIp: string;
}

/** Does to hosts and to the fabric what a cloud does to servers and to its network. Calls for one host are serialised. */
export interface HostDriver {
  /** boots; nothing when it runs already */
  start(spec: HostSpec): Promise<void>;
  /** powers off; nothing when it is off already */
  stop(id: string): Promise<void>;
  /** power cycle: everything in memory is gone, the disk stays; a host that is off starts */
  reboot(spec: HostSpec): Promise<void>;
  /** a fresh image: the disk is gone too */
  rebuild(spec: HostSpec): Promise<void>;
  /** gives a running host the interfaces of the spec that it does not have yet; nothing when it is off */
  plug(spec: HostSpec): Promise<void>;
  /** powers off and throws the disk and the console log away; nothing when there is no such host */
  remove(host: HostName): Promise<void>;
  /** what the host said on its console since its last boot, at most the newest 64 KiB; empty before the first boot */
  console(host: HostName): Promise<string>;
  /** replaces the whole table of one-to-one translations */
  setPublicIps(mappings: PublicIpMapping[]): Promise<void>;
}
