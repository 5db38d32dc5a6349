import { randomBytes, randomUUID } from 'node:crypto';
import type { AvailabilityZone } from '@moru/kakaocloud';
import type { Account } from '../iam/accounts.ts';
import type { Store } from '../store/store.ts';
import { flavors, images } from './catalogue.ts';
import { plannedInstances, plannedNetworks, plannedPublicIps } from './plan.ts';

const zone: AvailabilityZone = 'kr-central-2-a';
const dayMs = 24 * 60 * 60 * 1000;

/**
 * Fills an empty store with the planned networks, instances and Public IPs, for the project of the first account.
 * Nothing when the store was filled before, however little of it is left.
 */
export function seed(store: Store, accounts: Account[]): void {
  if (store.get('SELECT 1 FROM flavors') !== undefined) return;
  const [owner] = accounts;
  if (owner === undefined) throw new Error('there is no account whose project could hold the instances');
  const now = Date.now();
  const ago = (days: number) => new Date(now - days * dayMs).toISOString();
  store.transaction(() => {
    seedCatalogue(store, ago(240));
    const subnets = seedNetworks(store, owner.projectId, ago);
    const nics = seedInstances(store, owner, subnets, ago);
    seedPublicIps(store, owner.projectId, nics, ago);
  });
}

function seedCatalogue(store: Store, at: string): void {
  for (const flavor of flavors())
    insert(store, 'flavors', { id: flavor.id, name: flavor.name, detail: JSON.stringify(flavor) });
  for (const { backend, image } of images(at)) {
    insert(store, 'images', { id: image.id, name: image.name, backend, detail: JSON.stringify(image) });
  }
}

/** Ids of the subnets by their place in the fabric. */
function seedNetworks(store: Store, projectId: string, ago: (days: number) => string): Map<string, string> {
  const subnets = new Map<string, string>();
  for (const planned of plannedNetworks) {
    const at = ago(planned.ageDays);
    const times = { created_at: at, updated_at: at };
    const vpcId = randomUUID();
    const subnetId = randomUUID();
    insert(store, 'vpcs', {
      id: vpcId,
      project_id: projectId,
      name: planned.vpc,
      description: '',
      cidr_block: planned.vpcCidr,
      is_default: 0,
      internet_gateway_id: randomUUID(),
      route_table_id: randomUUID(),
      ...times,
    });
    insert(store, 'subnets', {
      id: subnetId,
      project_id: projectId,
      vpc_id: vpcId,
      name: planned.subnet,
      availability_zone: zone,
      cidr_block: planned.subnetCidr,
      gateway: planned.gateway,
      network: planned.network,
      ...times,
    });
    subnets.set(planned.network, subnetId);
  }
  return subnets;
}

/** Ids of the network interfaces by their private address. */
function seedInstances(
  store: Store,
  owner: Account,
  subnets: Map<string, string>,
  ago: (days: number) => string,
): Map<string, string> {
  const nics = new Map<string, string>();
  for (const planned of plannedInstances) {
    const id = randomUUID();
    const at = ago(planned.ageDays);
    const times = { created_at: at, updated_at: at };
    const state = planned.active ? 'active' : 'stopped';
    insert(store, 'instances', {
      id,
      project_id: owner.projectId,
      user_id: owner.userId,
      name: planned.name,
      description: planned.description,
      hostname: planned.name,
      key_name: planned.keyName,
      status: state,
      vm_state: state,
      task_state: null,
      power_state: planned.active ? 'RUNNING' : 'SHUTDOWN',
      availability_zone: zone,
      flavor_id: idByName(store, 'flavors', planned.flavor),
      image_id: idByName(store, 'images', planned.image),
      web_server: planned.webServer ? 1 : 0,
      ...times,
    });
    for (const [position, { network, address }] of planned.addresses.entries()) {
      const nicId = randomUUID();
      insert(store, 'network_interfaces', {
        id: nicId,
        project_id: owner.projectId,
        instance_id: id,
        position,
        name: `${planned.name}-eth${position}`,
        description: '',
        subnet_id: subnets.get(network) ?? null,
        mac_address: freshMac(),
        private_ip: address,
        ...times,
      });
      nics.set(address, nicId);
    }
  }
  return nics;
}

function seedPublicIps(
  store: Store,
  projectId: string,
  nics: Map<string, string>,
  ago: (days: number) => string,
): void {
  for (const planned of plannedPublicIps) {
    const at = ago(planned.ageDays);
    insert(store, 'public_ips', {
      id: randomUUID(),
      project_id: projectId,
      address: planned.address,
      description: planned.description,
      status: planned.attachedTo === null ? 'available' : 'in_use',
      network_interface_id: planned.attachedTo === null ? null : (nics.get(planned.attachedTo) ?? null),
      created_at: at,
      updated_at: at,
    });
  }
}

/** `table` and the columns are names of ours, never data. */
function insert(store: Store, table: string, row: Record<string, string | number | null>): void {
  const columns = Object.keys(row);
  const places = columns.map(() => '?').join(', ');
  store.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`, ...Object.values(row));
}

function idByName(store: Store, table: 'flavors' | 'images', name: string): string {
  const row = store.get<{ id: string }>(`SELECT id FROM ${table} WHERE name = ?`, name);
  if (row === undefined) throw new Error(`the catalogue has no ${name}`);
  return row.id;
}

/** A MAC address with the prefix that OpenStack gives to its ports. */
function freshMac(): string {
  return `fa:16:3e:${[...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, '0')).join(':')}`;
}
