import type { AvailabilityZone, CreateInstance } from '@moru/kakaocloud';
import { ApiFailure } from '../http/failure.ts';
import type { Account } from '../iam/accounts.ts';
import { freeAddress } from '../network-interfaces/addresses.ts';
import type { Store } from '../store/store.ts';

interface SubnetRow {
  id: string;
  cidr_block: string;
  availability_zone: AvailabilityZone;
}

interface InterfaceRow {
  instance_id: string | null;
  subnet_id: string;
}

/** Where an interface comes from: one that is there, or a new one in this subnet. */
export type WantedInterface =
  | { id: string }
  | { subnet: SubnetRow; privateIp: string | null | undefined; field: string };

export interface WantedPlace {
  zone: AvailabilityZone;
  interfaces: WantedInterface[];
}

/**
 * Zone and interfaces that the body asks for, once all of it is known to be there. Which status an unknown id in a body
 * has is not documented: 400 here, since the path is right and the body is not.
 *
 * @throws ApiFailure 400; 409 for an interface that another instance has
 */
export function readPlace(store: Store, { projectId }: Account, wanted: CreateInstance): WantedPlace {
  const subnets = wanted.subnets.map(({ id }, index) => {
    const row = store.get<SubnetRow>(
      'SELECT id, cidr_block, availability_zone FROM subnets WHERE project_id = ? AND id = ?',
      projectId,
      id,
    );
    if (row === undefined) throw badInput(`subnets.${index}.id`, `there is no subnet ${id}`);
    return row;
  });
  const zone = wanted.availability_zone ?? subnets[0]?.availability_zone ?? 'kr-central-2-a';
  const elsewhere = subnets.findIndex((subnet) => subnet.availability_zone !== zone);
  if (elsewhere >= 0) throw badInput(`subnets.${elsewhere}.id`, `the subnet is not in ${zone}`);

  const interfaces = wanted.subnets.map(({ network_interface_id: nicId, private_ip: privateIp }, index) => {
    const field = `subnets.${index}`;
    const subnet = subnets[index];
    if (subnet === undefined) throw new Error('a subnet is missing');
    if ((wanted.count ?? 1) > 1 && (nicId != null || privateIp != null)) {
      throw badInput(field, 'several instances cannot have the same network interface or address');
    }
    if (nicId == null) return { subnet, privateIp, field: `instance.${field}.private_ip` };
    if (privateIp != null)
      throw badInput(`${field}.private_ip`, 'the network interface has its address already');
    requireIdle(store, projectId, nicId, subnet.id, field);
    return { id: nicId };
  });
  const given = interfaces.flatMap((nic) => ('id' in nic ? [nic.id] : []));
  if (new Set(given).size < given.length) throw badInput('subnets', 'a network interface is named twice');
  return { zone, interfaces };
}

/** @throws ApiFailure 400 or 409 */
export function privateIpFor(store: Store, nic: Exclude<WantedInterface, { id: string }>): string {
  return freeAddress(store, nic.subnet, nic.privateIp, nic.field);
}

/** Names of security groups, to their ids. @throws ApiFailure 400 */
export function readGroups(store: Store, { projectId }: Account, wanted: CreateInstance): string[] {
  return (wanted.security_groups ?? []).map(({ name }, index) => {
    const row = store.get<{ id: string }>(
      'SELECT id FROM security_groups WHERE project_id = ? AND name = ?',
      projectId,
      name,
    );
    if (row === undefined)
      throw badInput(`security_groups.${index}.name`, `there is no security group ${name}`);
    return row.id;
  });
}

export function badInput(field: string, message: string): ApiFailure {
  return new ApiFailure(400, `instance.${field}: ${message}`);
}

function requireIdle(store: Store, projectId: string, nicId: string, subnetId: string, field: string): void {
  const nic = store.get<InterfaceRow>(
    'SELECT instance_id, subnet_id FROM network_interfaces WHERE project_id = ? AND id = ?',
    projectId,
    nicId,
  );
  if (nic === undefined || nic.subnet_id !== subnetId) {
    throw badInput(`${field}.network_interface_id`, `there is no network interface ${nicId} in the subnet`);
  }
  if (nic.instance_id !== null) throw new ApiFailure(409, 'An instance has this network interface already');
}
