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
  /** the subnet's place in the fabric */
  network: 'front' | 'back';
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
  /** power cycle: everything in memory is gone, the disk stays */
  reboot(id: string): Promise<void>;
  /** a fresh image: the disk is gone too */
  rebuild(spec: HostSpec): Promise<void>;
  /** replaces the whole table of one-to-one translations */
  setPublicIps(mappings: PublicIpMapping[]): Promise<void>;
}
