import { bcsPaths } from '@moru/kakaocloud';
import {
  apiPaths,
  createKeyPairResultSchema,
  flavorListSchema,
  imageListSchema,
  keyPairListSchema,
  networkListSchema,
  securityGroupListSchema,
} from '@moru/types';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import type { Browser } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';

let cloud: EmbeddedCloud;
let bff: TestBff;
let admin: Browser;
let reader: Browser;

beforeAll(async () => {
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud, { MORU_CLOUD_TIMEOUT_MS: '1500' });
  admin = await bff.browser('admin');
  reader = await bff.browser('reader');
});
afterEach(() => cloud.setFaults([]));
afterAll(async () => {
  await bff.close();
  await cloud.stop();
});

const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFpJu2GqXxAVQ7iwGPVGpGHGqzHKKEBDDz4RnvGoYLp9';
const keyNames = async () =>
  keyPairListSchema.parse((await admin.get(apiPaths.keyPairs)).body).keyPairs.map(({ name }) => name);

test('flavors, images and security groups, to every role', async () => {
  const { flavors } = flavorListSchema.parse((await reader.get(apiPaths.flavors)).body);
  expect(flavors.map(({ name }) => name).sort()).toEqual(['p1i.baremetal', 'p2a.baremetal', 'r2a.baremetal']);
  expect(flavors.find(({ name }) => name === 'p2a.baremetal')).toMatchObject({
    processor: 'AMD EPYC',
    accelerator: { name: 'NVIDIA A100', count: 8 },
    maximumNetworkInterfaces: 4,
    available: { 'kr-central-2-a': 496 },
  });
  const { images } = imageListSchema.parse((await reader.get(apiPaths.images)).body);
  expect(images).toMatchObject([{ adminUser: 'ubuntu' }, { adminUser: 'ubuntu' }]);
  const { securityGroups } = securityGroupListSchema.parse((await reader.get(apiPaths.securityGroups)).body);
  expect(securityGroups).toMatchObject([{ name: 'default' }]);
});

test('networks with their subnets and route tables, and whether the internet is reached', async () => {
  const { vpcs } = networkListSchema.parse((await reader.get(apiPaths.networks)).body);
  const front = vpcs.find(({ name }) => name === 'vpc-front');
  expect(front).toMatchObject({
    cidr: '198.168.0.0/16',
    internetGateway: true,
    subnets: [{ name: 'front', cidr: '198.168.0.0/24', reachesInternet: true }],
    routeTables: [
      { main: true, routes: [{ targetType: 'local' }, { targetType: 'igw', destination: '0.0.0.0/0' }] },
    ],
  });
  expect(front?.subnets[0]?.routeTableId).toBe(front?.routeTables[0]?.id);
});

test('a key pair is made, told once, imported, and deleted', async () => {
  const made = createKeyPairResultSchema.parse(
    (await admin.post(apiPaths.keyPairs, { name: 'laptop' })).body,
  );
  expect(made.privateKey).toContain('PRIVATE KEY');
  const { records } = (await admin.get('/api/audit?limit=2')).body;
  expect(records[0]).toMatchObject({
    action: 'keyPair.create',
    detail: { fingerprint: made.keyPair.fingerprint },
  });
  expect(JSON.stringify(records)).not.toContain('PRIVATE KEY');
  const again = await admin.post(apiPaths.keyPairs, { name: 'laptop' });
  expect(again.body).toMatchObject({ status: 409, code: 'keyPair.exists' });
  const imported = await admin.post(apiPaths.keyPairs, { name: 'desk', publicKey });
  expect(createKeyPairResultSchema.parse(imported.body)).toMatchObject({
    keyPair: { name: 'desk', publicKey },
    privateKey: null,
  });
  const refused = await admin.post(apiPaths.keyPairs, { name: 'junk', publicKey: 'ssh-rsa junk' });
  expect(refused.body).toMatchObject({ code: 'input.invalid', upstream: expect.stringContaining('OpenSSH') });
  expect(await keyNames()).toEqual(expect.arrayContaining(['laptop', 'desk']));
  for (const name of ['laptop', 'desk', 'desk']) {
    expect((await admin.delete(apiPaths.keyPair(name))).status).toBe(204);
  }
  expect(await keyNames()).not.toContain('desk');
});

test('an import whose answer is lost is looked for; a made key is lost with its answer, and said to be', async () => {
  const lost = { method: 'POST', path: bcsPaths.keyPairs, kind: 'answerLost', times: 1 } as const;
  await cloud.setFaults([lost]);
  expect((await admin.post(apiPaths.keyPairs, { name: 'kept', publicKey })).status).toBe(200);
  await cloud.setFaults([lost]);
  expect((await admin.post(apiPaths.keyPairs, { name: 'gone' })).body).toMatchObject({
    code: 'outcome.unknown',
  });
  expect(await keyNames()).toEqual(expect.arrayContaining(['kept', 'gone']));
  await cloud.setFaults([{ method: 'DELETE', path: bcsPaths.keyPair('*'), kind: 'answerLost', times: 1 }]);
  expect((await admin.delete(apiPaths.keyPair('gone'))).status).toBe(204);
  expect(await keyNames()).not.toContain('gone');
});
