import { type Fact, hold, nowhere } from '../testing/facts.ts';
import { count, exactly, type Fields, flag, listOf, nullable, text, time, uuid } from '../testing/shapes.ts';
import { instanceType, pagination, zone } from './wire.ts';

const flavor: Fields = {
  id: uuid,
  name: text,
  description: text,
  vcpus: count,
  memory_mb: count,
  group: text,
  instance_type: instanceType,
  architecture: text,
  manufacturer: text,
  processor: text,
  instance_family: text,
  instance_size: text,
  availability_zone: listOf(zone, 3),
  available: { 'kr-central-2-a': count, 'kr-central-2-b': count, 'kr-central-2-c': count },
  disk_type: text,
  root_gb: count,
  // a text here, a list inside an instance
  os_distro: text,
  hw_count: nullable(count),
  hw_type: nullable(text),
  hw_name: nullable(text),
  maximum_network_interfaces: count,
  is_burstable: flag,
  is_hyper_threading_disabled: flag,
  is_hyper_threading_supported: flag,
  is_hyper_threading_disable_supported: flag,
  created_at: time,
  updated_at: time,
};

// The reference has no table of an image's fields: these are the official SDK's.
const image: Fields = {
  id: uuid,
  name: text,
  description: text,
  size: count,
  status: exactly('active'),
  owner: text,
  visibility: exactly('public'),
  is_shared: flag,
  disk_format: text,
  container_format: text,
  min_disk: count,
  min_ram: count,
  virtual_size: nullable(count),
  instance_type: instanceType,
  image_member_status: nullable(text),
  project_id: nullable(text),
  os_info: { type: exactly('linux'), distro: text, architecture: text, admin_user: text, is_hidden: flag },
  created_at: time,
  updated_at: time,
};

const keyPair: Fields = {
  id: uuid,
  name: text,
  user_id: text,
  fingerprint: text,
  public_key: text,
  type: exactly('ssh'),
  created_at: time,
};

const flavors = (rows: number): Fields => ({ flavors: listOf(flavor, rows), pagination });
const images = (rows: number): Fields => ({ images: listOf(image, rows), pagination });
const keyPairs = (rows: number): Fields => ({ keypairs: listOf(keyPair, rows), pagination });

const ed25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFpJu2GqXxAVQ7iwGPVGpGHGqzHKKEBDDz4RnvGoYLp9';

const facts: Fact[] = [
  { says: 'C.4 flavors, every field', path: '/api/v1/flavors', status: 200, answer: flavors(3) },
  ...(
    [
      ['name=r2a', 1],
      ['instance_type=bm', 3],
      ['instance_type=vm', 0],
      ['is_burstable=false', 3],
      ['is_burstable=true', 0],
      ['vcpus=96', 1],
      ['memory_mb=524288', 1],
      ['architecture=x86_64', 3],
      ['instance_family=p2a', 1],
      ['instance_size=baremetal', 3],
      ['manufacturer=Intel', 1],
      ['processor=EPYC', 2],
      ['maximum_network_interfaces=4', 3],
      ['created_at=2020-01-01T00:00:00Z', 0],
      ['updated_at=2020-01-01T00:00:00Z', 0],
    ] as const
  ).map(
    ([query, rows]): Fact => ({
      says: `C.4 flavors: filter ${query}: ${rows} rows`,
      path: `/api/v1/flavors?${query}`,
      status: 200,
      answer: flavors(rows),
    }),
  ),
  {
    says: 'A.7 one flavor, its name with .baremetal',
    path: (at) => `/api/v1/flavors/${at.flavor}`,
    as: 'reader',
    status: 200,
    answer: { flavor: { ...flavor, name: exactly('r2a.baremetal'), instance_type: exactly('bm') } },
  },
  { says: 'C.4 images, every field', path: '/api/v1/images', status: 200, answer: images(2) },
  ...(
    [
      ['name=22.04', 1],
      ['instance_type=bm', 2],
      ['instance_type=vm', 0],
      ['image_type=basic', 2],
      ['image_type=custom', 0],
      ['size=2361393152', 2],
      ['min_disk=20', 2],
      ['disk_format=raw', 2],
      ['status=ACTIVE', 2],
      ['os_type=linux', 2],
      ['os_type=windows', 0],
      ['visibility=public', 2],
      ['image_member_status=accepted', 0],
    ] as const
  ).map(
    ([query, rows]): Fact => ({
      says: `A.7 images: filter ${query}: ${rows} rows`,
      path: `/api/v1/images?${query}`,
      status: 200,
      answer: images(rows),
    }),
  ),
  {
    says: 'A.7 one image, for bare metal',
    path: (at) => `/api/v1/images/${at.image}`,
    as: 'reader',
    status: 200,
    answer: { image: { ...image, name: exactly('Ubuntu 20.04'), instance_type: exactly('bm') } },
  },
  { says: 'C.4 key pairs, every field', path: '/api/v1/keypairs', status: 200, answer: keyPairs(2) },
  {
    says: 'C.4 key pairs of another user are not seen',
    path: '/api/v1/keypairs',
    as: 'member',
    status: 200,
    answer: keyPairs(0),
  },
  ...(
    [
      ['name=ops', 1],
      ['type=ssh', 2],
      ['type=x509', 0],
      ['fingerprint=00', 0],
      [`id=${nowhere}`, 0],
      ['created_at=2020-01-01T00:00:00Z', 0],
    ] as const
  ).map(
    ([query, rows]): Fact => ({
      says: `C.4 key pairs: filter ${query}: ${rows} rows`,
      path: `/api/v1/keypairs?${query}`,
      status: 200,
      answer: keyPairs(rows),
    }),
  ),
  {
    says: 'A.7 a fresh key pair, its private key told once',
    method: 'POST',
    path: '/api/v1/keypairs',
    as: 'member',
    body: { keypair: { name: 'laptop' } },
    status: 201,
    answer: {
      keypair: {
        ...keyPair,
        name: exactly('laptop'),
        user_id: exactly('user-of-member'),
        private_key: (value) =>
          String(value).startsWith('-----BEGIN EC PRIVATE KEY-----\n') ? null : 'is no key',
      },
    },
  },
  {
    says: 'A.7 and never again',
    path: '/api/v1/keypairs/laptop',
    as: 'member',
    status: 200,
    answer: { keypair: keyPair },
  },
  {
    says: 'C.4 importing a public key',
    method: 'POST',
    path: '/api/v1/keypairs',
    body: { keypair: { name: 'imported', public_key: `${ed25519} me@desk\n` } },
    status: 201,
    answer: {
      keypair: {
        ...keyPair,
        public_key: exactly(`${ed25519} me@desk`),
        // ssh-keygen -E md5 -l
        fingerprint: exactly('6e:99:df:72:87:31:3a:c7:88:37:d8:96:92:19:5a:f0'),
        private_key: exactly(null),
      },
    },
  },
  ...(
    [
      ['a name that is taken', { name: 'imported' }, 409],
      ['a name of two words', { name: 'my key' }, 400],
      ['a name with a slash', { name: 'a/b' }, 400],
      ['no name', {}, 400],
      ['a key that is cut short', { name: 'cut', public_key: ed25519.slice(0, -9) }, 400],
      ['a private key', { name: 'own', public_key: '-----BEGIN OPENSSH PRIVATE KEY-----' }, 400],
      ['a key of DSA', { name: 'dsa', public_key: 'ssh-dss AAAAB3NzaC1kc3MAAAAB' }, 400],
      ['options before the key', { name: 'opt', public_key: `command="id" ${ed25519}` }, 400],
      ['two keys', { name: 'two', public_key: `${ed25519}\n${ed25519}` }, 400],
    ] as const
  ).map(
    ([what, keypair, status]): Fact => ({
      says: `C.4 a key pair with ${what} is a ${status}`,
      method: 'POST',
      path: '/api/v1/keypairs',
      body: { keypair },
      status,
    }),
  ),
  {
    says: 'A.9 a reader makes no key pairs',
    method: 'POST',
    path: '/api/v1/keypairs',
    as: 'reader',
    body: { keypair: { name: 'mine' } },
    status: 403,
  },
  {
    says: 'C.4 another’s key pair is not there to delete',
    method: 'DELETE',
    path: '/api/v1/keypairs/laptop',
    status: 404,
  },
  { says: 'C.4 deleting a key pair', method: 'DELETE', path: '/api/v1/keypairs/imported', status: 204 },
  { says: 'C.4 a deleted key pair is a 404', path: '/api/v1/keypairs/imported', status: 404 },
];

hold(facts);
