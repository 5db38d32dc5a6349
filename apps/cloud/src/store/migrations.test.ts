import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { bcsPaths, networkPaths, vpcPaths } from '@moru/kakaocloud';
import { expect, test } from 'vitest';
import { eventually, TestCloud } from '../testing/test-cloud.ts';
import { migrations } from './migrations.ts';

const project = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const at = '2026-01-02T03:04:05.000Z';
const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** A file as the first version left it: two networks, one server with an interface in each, one Public IP. */
function writeFirstVersion(directory: string): void {
  const database = new DatabaseSync(join(directory, 'cloud.db'));
  database.exec(`${migrations[0]}; PRAGMA user_version = 1;
    INSERT INTO flavors VALUES ('${id(1)}', 'r2a.baremetal', '{}');
    INSERT INTO images VALUES ('${id(2)}', 'Ubuntu 20.04', 'legacy', '{}');
    INSERT INTO vpcs VALUES ('${id(3)}', '${project}', 'vpc-front', '', '198.168.0.0/16', 0, '${id(4)}', '${id(5)}', '${at}', '${at}');
    INSERT INTO vpcs VALUES ('${id(6)}', '${project}', 'vpc-back', '', '10.10.0.0/16', 0, NULL, '${id(7)}', '${at}', '${at}');
    INSERT INTO subnets VALUES ('${id(8)}', '${project}', '${id(3)}', 'front', 'kr-central-2-a', '198.168.0.0/24', '198.168.0.1', 'front', '${at}', '${at}');
    INSERT INTO subnets VALUES ('${id(9)}', '${project}', '${id(6)}', 'back', 'kr-central-2-a', '10.10.0.0/24', '10.10.0.1', 'back', '${at}', '${at}');
    INSERT INTO instances VALUES ('${id(10)}', '${project}', 'user-of-admin', 'web-01', '웹', 'web-01', 'ops-key', 'active', 'active', NULL, 'RUNNING', 'kr-central-2-a', '${id(1)}', '${id(2)}', 1, '${at}', '${at}');
    INSERT INTO network_interfaces VALUES ('${id(11)}', '${project}', '${id(10)}', 0, 'web-01-eth0', '', '${id(8)}', 'fa:16:3e:00:00:01', '198.168.0.10', '${at}', '${at}');
    INSERT INTO network_interfaces VALUES ('${id(12)}', '${project}', '${id(10)}', 1, 'web-01-eth1', '', '${id(9)}', 'fa:16:3e:00:00:02', '10.10.0.10', '${at}', '${at}');
    INSERT INTO public_ips VALUES ('${id(13)}', '${project}', '203.0.113.77', 'kept', 'in_use', '${id(11)}', NULL, '${at}', '${at}');
    INSERT INTO public_ips VALUES ('${id(14)}', '${project}', '203.0.113.78', 'lost', 'in_use', '${id(12)}', NULL, '${at}', '${at}');`);
  database.close();
}

test('a file of the first version opens with everything in it', async ({ onTestFinished }) => {
  const cloud = new TestCloud();
  onTestFinished(() => cloud.remove());
  writeFirstVersion(cloud.directory);
  await cloud.start();
  const read = async (path: string) => (await cloud.as('admin', 'GET', path)).body as Record<string, object>;

  expect(await read(bcsPaths.instance(id(10)))).toMatchObject({
    instance: {
      name: 'web-01',
      description: '웹',
      status: 'active',
      flavor: { id: id(1), name: 'r2a.baremetal' },
      image: { id: id(2), name: 'Ubuntu 20.04', created_at: expect.stringMatching(/Z$/) },
      addresses: [
        { private_ip: '198.168.0.10', public_ip: '203.0.113.77' },
        { private_ip: '10.10.0.10', public_ip: '203.0.113.78' },
      ],
    },
  });
  expect(await read(networkPaths.publicIp(id(13)))).toMatchObject({ public_ip: { status: 'in_use' } });
  expect(await read(vpcPaths.routeTable(id(5)))).toMatchObject({
    vpc_route_table: {
      name: 'vpc-front-routes',
      is_main: true,
      associations: [{ subnet_id: id(8) }],
      routes: [
        { target_type: 'local', destination: '198.168.0.0/16' },
        { target_type: 'igw', destination: '0.0.0.0/0', target_id: id(4) },
      ],
    },
  });
  expect(await read(vpcPaths.routeTable(id(7)))).toMatchObject({
    vpc_route_table: { routes: [{ target_type: 'local', destination: '10.10.0.0/16' }] },
  });
  expect(await read(networkPaths.securityGroups)).toMatchObject({ security_groups: [{ name: 'default' }] });
  // The catalogue is the new one, the seed has not come again, and only what leads to the internet is reached.
  expect(await read('/api/v1/flavors')).toMatchObject({ pagination: { total: 3 } });
  expect(await read(bcsPaths.instances)).toMatchObject({ pagination: { total: 1 } });
  await eventually(() => cloud.driver.publicIps).toEqual([
    { publicIp: '203.0.113.77', privateIp: '198.168.0.10' },
  ]);
  expect(cloud.driver.started[0]).toMatchObject({ hostname: 'web-01', authorizedKeys: [], webServer: true });
});

test('an id that a step makes is a UUID of version 4', async ({ onTestFinished }) => {
  const cloud = new TestCloud();
  onTestFinished(() => cloud.remove());
  writeFirstVersion(cloud.directory);
  await cloud.start();
  const { body } = await cloud.as('admin', 'GET', vpcPaths.routeTable(id(5)));
  const { vpc_route_table: table } = body as {
    vpc_route_table: { associations: { id: string }[]; routes: { id: string }[] };
  };
  for (const made of [...table.associations, ...table.routes]) {
    expect(made.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});
