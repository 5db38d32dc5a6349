import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AvailabilityZone } from '@moru/kakaocloud';
import type { Account } from '../iam/accounts.ts';
import { insertKeyPair } from '../key-pairs/key-pairs.ts';
import { makeKeyPair } from '../key-pairs/open-ssh.ts';
import { freshMac } from '../network-interfaces/addresses.ts';
import { insertSecurityGroup } from '../security-groups/operations.ts';
import type { Store } from '../store/store.ts';
import { insertRoute, insertSubnet, insertVpc } from '../vpc/rows.ts';
import { idByName, seedCatalogue } from './catalogue.ts';
import { seedFleet } from './fleet.ts';
import { insert } from './insert.ts';
import { plannedInstances, plannedKeyPairs, plannedNetworks, plannedPublicIps } from './plan.ts';

const zone: AvailabilityZone = 'kr-central-2-a';
const dayMs = 24 * 60 * 60 * 1000;

export interface SeedOptions {
  /** the first one's project gets everything */
  accounts: Account[];
  /** where the private keys of the planned key pairs are kept, since nobody was told them */
  keyFolder: string;
  /** how many further servers there are to be */
  fleet: number;
}

/**
 * Fills an empty store with the planned networks, instances and Public IPs. Of a store that was filled before, however
 * little of it is left, only the catalogue is renewed and the fleet completed.
 */
export function seed(store: Store, { accounts, keyFolder, fleet }: SeedOptions): void {
  const [owner] = accounts;
  if (owner === undefined) throw new Error('there is no account whose project could hold the instances');
  const now = Date.now();
  const ago = (days: number) => new Date(now - days * dayMs).toISOString();
  store.transaction(() => {
    const fresh = store.get('SELECT 1 FROM flavors') === undefined;
    seedCatalogue(store, ago(240));
    if (fresh) seedProject(store, owner, keyFolder, ago);
    seedFleet(store, owner, fleet, ago);
  });
}

function seedProject(store: Store, owner: Account, keyFolder: string, ago: (days: number) => string): void {
  const subnets = new Map<string, string>();
  for (const planned of plannedNetworks) {
    const at = ago(planned.ageDays);
    const { projectId } = owner;
    const vpc = insertVpc(store, { projectId, name: planned.vpc, cidrBlock: planned.vpcCidr, at });
    insertRoute(store, vpc.routeTableId, {
      type: 'igw',
      targetId: vpc.gatewayId,
      destination: '0.0.0.0/0',
      at,
    });
    const { subnet: name, subnetCidr: cidrBlock, network } = planned;
    subnets.set(
      network,
      insertSubnet(store, { projectId, vpcId: vpc.id, name, zone, cidrBlock, network, at }),
    );
  }
  insertSecurityGroup(store, owner.projectId, 'default', '', ago(212));
  const keys = seedKeyPairs(store, owner, keyFolder, ago(211));
  const nics = seedInstances(store, owner, subnets, keys, ago);
  seedPublicIps(store, owner.projectId, nics, ago);
}

/** Public keys by the names of the pairs. */
function seedKeyPairs(store: Store, owner: Account, folder: string, at: string): Map<string, string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return new Map(
    plannedKeyPairs.map((name) => {
      const { publicKey, privateKey } = makeKeyPair(name);
      insertKeyPair(store, owner, name, publicKey, at);
      writeFileSync(join(folder, `${name}.pem`), privateKey, { mode: 0o600 });
      return [name, publicKey];
    }),
  );
}

/** Ids of the network interfaces by their private address. */
function seedInstances(
  store: Store,
  owner: Account,
  subnets: Map<string, string>,
  keys: Map<string, string>,
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
      authorized_key: keys.get(planned.keyName) ?? null,
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
        mac_address: freshMac(store),
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
