import {
  apiErrorSchema,
  strictNetworkInterfaceAnswerSchema,
  strictNetworkInterfaceListAnswerSchema,
  strictSubnetAnswerSchema,
  strictSubnetListAnswerSchema,
  strictVpcAnswerSchema,
  strictVpcListAnswerSchema,
  vpcPaths,
} from '@moru/kakaocloud';
import { expect, test } from 'vitest';
import { openCloud } from '../testing/test-cloud.ts';

test('VPCs and their subnets, with a way to the internet', async () => {
  const cloud = await openCloud();
  const get = async (path: string) => (await cloud.as('reader', 'GET', path)).body;
  const { vpcs } = strictVpcListAnswerSchema.parse(
    await get(`${vpcPaths.vpcs}?sort_keys=name&sort_dirs=asc`),
  );
  expect(vpcs.map((vpc) => [vpc.name, vpc.cidr_block, vpc.igw !== null])).toEqual([
    ['vpc-back', '10.10.0.0/16', true],
    ['vpc-front', '198.168.0.0/16', true],
  ]);
  const front = vpcs[1];
  expect(strictVpcAnswerSchema.parse(await get(vpcPaths.vpc(front?.id ?? ''))).vpc).toEqual(front);

  const list = await get(`${vpcPaths.subnets}?vpc_id=${front?.id}`);
  const { subnets, pagination } = strictSubnetListAnswerSchema.parse(list);
  expect(pagination.total).toBe(1);
  expect(subnets[0]).toMatchObject({ name: 'front', cidr_block: '198.168.0.0/24', vpc_name: 'vpc-front' });
  const one = await get(vpcPaths.subnet(subnets[0]?.id ?? ''));
  expect(strictSubnetAnswerSchema.parse(one).subnet).toEqual(subnets[0]);
});

test('network interfaces of all instances, by filter and one by one', async () => {
  const cloud = await openCloud();
  const list = async (query: string) => {
    const { body } = await cloud.as('reader', 'GET', `${vpcPaths.networkInterfaces}?${query}`);
    return strictNetworkInterfaceListAnswerSchema.parse(body).network_interfaces;
  };
  const all = await list('sort_keys=name&sort_dirs=asc');
  expect(all.map((nic) => nic.name)).toEqual([
    'batch-01-eth0',
    'db-01-eth0',
    'web-01-eth0',
    'web-02-eth0',
    'web-02-eth1',
  ]);
  const db = all[1];
  for (const query of [
    `id=${db?.id}`,
    'name=DB',
    'private_ip=10.10.0.21',
    'public_ip=203.0.113.21',
    `device_id=${db?.device_id}`,
    `mac_address=${db?.mac_address.toUpperCase()}`,
    `subnet_id=${db?.subnet_id}&public_ip=203.0.113.21`,
    'status=in_use&device_owner=compute:kr-central-2-a&name=db',
  ]) {
    expect([query, await list(query)]).toEqual([query, [db]]);
  }
  expect(await list('status=available')).toEqual([]);
  expect(await list('security_group_name=default')).toEqual([]);
  const { body } = await cloud.as('reader', 'GET', vpcPaths.networkInterface(db?.id ?? ''));
  expect(strictNetworkInterfaceAnswerSchema.parse(body).network_interface).toEqual(db);
});

test('what is not there is a 404', async () => {
  const cloud = await openCloud();
  for (const path of [vpcPaths.vpc('x'), vpcPaths.subnet('x'), vpcPaths.networkInterface('x')]) {
    const answer = await cloud.as('admin', 'GET', path);
    expect(answer.status).toBe(404);
    expect(apiErrorSchema.safeParse(answer.body).success).toBe(true);
  }
});
