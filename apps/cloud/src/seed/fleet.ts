import { randomUUID } from 'node:crypto';
import type { AvailabilityZone } from '@moru/kakaocloud';
import type { Account } from '../iam/accounts.ts';
import { freshMac, usable } from '../network-interfaces/addresses.ts';
import type { Store } from '../store/store.ts';
import { addressOf } from '../vpc/blocks.ts';
import { insertSubnet } from '../vpc/rows.ts';
import { insert } from './insert.ts';

/** Subnets of the front VPC that take 4,091 servers each, one in every zone. */
const plannedSubnets: { name: string; cidrBlock: string; zone: AvailabilityZone }[] = [
  { name: 'fleet-a', cidrBlock: '198.168.16.0/20', zone: 'kr-central-2-a' },
  { name: 'fleet-b', cidrBlock: '198.168.32.0/20', zone: 'kr-central-2-b' },
  { name: 'fleet-c', cidrBlock: '198.168.48.0/20', zone: 'kr-central-2-c' },
];

/** Every so many is stopped. */
const stoppedEvery = 9;

/**
 * Further servers, `bms-00001` and on, up to `count` of them: to see how everything does with thousands. They are older
 * than the planned ones, so that lists still begin with these.
 */
export function seedFleet(store: Store, owner: Account, count: number, ago: (days: number) => string): void {
  const { last } = store.get<{ last: number }>(
    "SELECT ifnull(max(CAST(substr(hostname, 5) AS INTEGER)), 0) AS last FROM instances WHERE hostname LIKE 'bms-_____'",
  ) ?? { last: 0 };
  if (last >= count) return;
  const subnets = plannedSubnets.map((planned) => ({
    ...planned,
    id: subnetId(store, owner, planned, ago(239)),
  }));
  const flavors = store.all<{ id: string }>('SELECT id FROM flavors ORDER BY name');
  const images = store.all<{ id: string }>('SELECT id FROM images ORDER BY name');
  for (let number = last + 1; number <= count; number += 1) {
    const subnet = subnets[number % subnets.length];
    if (subnet === undefined) throw new Error('the fleet has no subnets');
    const id = randomUUID();
    const name = `bms-${String(number).padStart(5, '0')}`;
    const at = ago(240 + number / 100);
    const times = { created_at: at, updated_at: at };
    const state = number % stoppedEvery === 0 ? 'stopped' : 'active';
    insert(store, 'instances', {
      id,
      project_id: owner.projectId,
      user_id: owner.userId,
      name,
      description: '',
      hostname: name,
      key_name: null,
      status: state,
      vm_state: state,
      task_state: null,
      power_state: state === 'active' ? 'RUNNING' : 'SHUTDOWN',
      availability_zone: subnet.zone,
      flavor_id: flavors[number % flavors.length]?.id ?? null,
      image_id: images[number % images.length]?.id ?? null,
      web_server: 0,
      ...times,
    });
    insert(store, 'network_interfaces', {
      id: randomUUID(),
      project_id: owner.projectId,
      instance_id: id,
      position: 0,
      name: `${name}-eth0`,
      description: '',
      subnet_id: subnet.id,
      mac_address: freshMac(store),
      private_ip: addressOf(
        usable({ cidr_block: subnet.cidrBlock }).first + Math.floor(number / subnets.length),
      ),
      ...times,
    });
  }
}

function subnetId(
  store: Store,
  { projectId }: Account,
  planned: (typeof plannedSubnets)[number],
  at: string,
): string {
  const { name, cidrBlock, zone } = planned;
  const there = store.get<{ id: string }>('SELECT id FROM subnets WHERE cidr_block = ?', cidrBlock);
  if (there) return there.id;
  const vpc = store.get<{ id: string }>(
    "SELECT id FROM vpcs WHERE project_id = ? AND cidr_block = '198.168.0.0/16'",
    projectId,
  );
  if (vpc === undefined) throw new Error('the fleet needs the VPC 198.168.0.0/16, which is gone');
  return insertSubnet(store, { projectId, vpcId: vpc.id, name, zone, cidrBlock, at });
}
