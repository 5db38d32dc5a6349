import type {
  PublicIpDetail,
  Subnet,
  Instance as WireInstance,
  NetworkInterface as WireInterface,
  PublicIp as WirePublicIp,
} from '@moru/kakaocloud';
import type { NetworkInterface, PublicIp } from '@moru/types';
import type { CloudInstance } from '../provider.ts';

/** Interfaces and subnets of a project, by id. */
export interface Topology {
  interfaces: Pick<ReadonlyMap<string, WireInterface>, 'get'>;
  subnets: Pick<ReadonlyMap<string, Subnet>, 'get'>;
}

/** Public IPs by where they are: looked up for every interface of a project. */
export interface PublicIpIndex {
  byInterface: ReadonlyMap<string, PublicIpDetail>;
  addresses: ReadonlySet<string>;
}

export function indexPublicIps(publicIps: Iterable<PublicIpDetail>): PublicIpIndex {
  const byInterface = new Map<string, PublicIpDetail>();
  const addresses = new Set<string>();
  for (const ip of publicIps) {
    addresses.add(ip.public_ip);
    if (ip.related_resource) byInterface.set(ip.related_resource.id, ip);
  }
  return { byInterface, addresses };
}

/** A project may hold virtual machines as well, which are not this console's business. */
export function isBareMetal({ instance_type }: Pick<WireInstance, 'instance_type'>): boolean {
  return instance_type === null || instance_type === 'bm';
}

/** An instance with what other services know of its interfaces. Devices count up in the order of its addresses. */
export function assembleInstance(
  instance: WireInstance,
  { byInterface, addresses: listedAddresses }: PublicIpIndex,
  topology: Topology,
): CloudInstance {
  return {
    id: instance.id,
    name: instance.name ?? instance.id,
    description: instance.description,
    status: (instance.status ?? instance.vm_state ?? 'unknown').toLowerCase(),
    task: instance.task_state,
    flavor: instance.flavor?.name ?? null,
    image: instance.image?.name ?? null,
    availabilityZone: instance.availability_zone,
    keyName: instance.key_name,
    hostname: instance.hostname,
    createdAt: instance.created_at,
    taskSince: instance.task_state === null ? null : utcOf(instance.updated_at),
    networkInterfaces: instance.addresses.map((address, index) => {
      const id = address.network_interface_id ?? '';
      const nic = topology.interfaces.get(id);
      const listed = byInterface.get(id);
      // not the interface's word, which is kept for a minute: an address deleted meanwhile would show on
      const named = address.public_ip ?? null;
      return {
        id,
        name: nic?.name ?? `eth${index}`,
        device: `eth${index}`,
        primary: index === 0,
        macAddress: nic?.mac_address ?? null,
        privateIp: address.private_ip ?? nic?.private_ip ?? null,
        subnet: subnetOf(nic, topology),
        // the list of Public IPs has the say where it knows the address: the instance's own record lags behind it
        publicIp: listed
          ? { id: listed.id, address: listed.public_ip, status: listed.status }
          : named === null || listedAddresses.has(named)
            ? null
            : { id: '', address: named, status: 'unknown' },
      };
    }),
  };
}

/** As the wire has a time of an instance that is changing; null where it has none. */
function utcOf(time: string | null): string | null {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

function subnetOf(nic: WireInterface | undefined, topology: Topology): NetworkInterface['subnet'] {
  const subnet = nic?.subnet_id ? topology.subnets.get(nic.subnet_id) : undefined;
  if (!subnet) return null;
  return { id: subnet.id, name: subnet.name ?? subnet.id, cidr: subnet.cidr_block ?? '' };
}

/** `names`: of instances, by id. */
export function publicIpOf(ip: PublicIpDetail, names: ReadonlyMap<string, string | null>): PublicIp {
  const place = ip.related_resource;
  return {
    ...idlePublicIp(ip),
    attachedTo: place && {
      instanceId: place.device_id,
      instanceName: names.get(place.device_id ?? '') ?? null,
      networkInterfaceId: place.id,
      networkInterfaceName: place.name,
    },
  };
}

/** What the short form of the wire says, which leaves out where the address is attached. */
export function idlePublicIp(ip: WirePublicIp): PublicIp {
  return {
    id: ip.id,
    address: ip.public_ip,
    status: ip.status,
    description: ip.description ?? '',
    privateIp: ip.private_ip,
    attachedTo: null,
    createdAt: ip.created_at,
    updatedAt: ip.updated_at,
  };
}
