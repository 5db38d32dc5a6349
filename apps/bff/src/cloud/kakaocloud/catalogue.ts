import {
  bcsPaths,
  createdKeyPairAnswerSchema,
  flavorListAnswerSchema,
  imageListAnswerSchema,
  imagePaths,
  keyPairListAnswerSchema,
  networkPaths,
  securityGroupListAnswerSchema,
  type Flavor as WireFlavor,
  type KeyPair as WireKeyPair,
} from '@moru/kakaocloud';
import { type Flavor, type KeyPair, ProblemError } from '@moru/types';
import type { CloudAddresses } from '../../config.ts';
import type { CloudCatalogue } from '../lifecycle.ts';
import type { SendUpstream } from '../upstream.ts';
import { ask, tell } from './client.ts';
import { createNetworks } from './networks.ts';
import { readAll } from './pages.ts';

/** What instances are made of (reference/kakaocloud.md A.7). */
export function createCatalogue(addresses: CloudAddresses, send: SendUpstream): CloudCatalogue {
  const { bcs, image, network } = addresses;

  return {
    ...createNetworks(addresses.vpc, send),

    async listFlavors(caller) {
      const query = { instance_type: 'bm' };
      const all = await readAll(
        send,
        { caller, url: bcs + bcsPaths.flavors, query },
        flavorListAnswerSchema,
        'flavors',
      );
      return all.filter(forBareMetal).map((flavor) => ({
        id: flavor.id,
        name: flavor.name ?? flavor.id,
        description: flavor.description,
        vcpus: flavor.vcpus,
        memoryMb: flavor.memory_mb,
        rootGb: flavor.root_gb,
        processor: [flavor.manufacturer, flavor.processor].filter(Boolean).join(' ') || null,
        accelerator: acceleratorOf(flavor),
        maximumNetworkInterfaces: flavor.maximum_network_interfaces,
        availabilityZones: flavor.availability_zone,
        available: flavor.available,
      }));
    },

    async listImages(caller) {
      const query = { instance_type: 'bm' };
      const all = await readAll(
        send,
        { caller, url: image + imagePaths.images, query },
        imageListAnswerSchema,
        'images',
      );
      return all
        .filter(forBareMetal)
        .filter(({ os_info }) => !os_info?.is_hidden)
        .map((found) => ({
          id: found.id,
          name: found.name ?? found.id,
          description: found.description,
          osDistro: found.os_info?.distro ?? null,
          adminUser: found.os_info?.admin_user ?? null,
        }));
    },

    async listKeyPairs(caller) {
      const url = bcs + bcsPaths.keyPairs;
      return (await readAll(send, { caller, url }, keyPairListAnswerSchema, 'keypairs')).map(keyPairOf);
    },

    async createKeyPair(caller, { name, publicKey }) {
      const request = {
        method: 'POST',
        url: bcs + bcsPaths.keyPairs,
        body: { keypair: { name, ...(publicKey !== undefined && { public_key: publicKey }) } },
        caller,
        meanings: { 400: 'input.invalid', 409: 'keyPair.exists' },
      } as const;
      const { keypair } = await ask(send, request, createdKeyPairAnswerSchema);
      return { keyPair: keyPairOf(keypair), privateKey: keypair.private_key };
    },

    async deleteKeyPair(caller, name) {
      const meanings = { 404: 'keyPair.notFound' } as const;
      const request = { method: 'DELETE', url: bcs + bcsPaths.keyPair(name), caller, meanings } as const;
      await tell(send, request).catch((error: unknown) => {
        if (!(error instanceof ProblemError) || error.problem.code !== 'keyPair.notFound') throw error;
      });
    },

    async listSecurityGroups(caller) {
      const url = network + networkPaths.securityGroups;
      const all = await readAll(send, { caller, url }, securityGroupListAnswerSchema, 'security_groups');
      return all.map(({ id, name, description }) => ({ id, name: name ?? id, description }));
    },
  };
}

function acceleratorOf({ hw_type, hw_name, hw_count }: WireFlavor): Flavor['accelerator'] {
  return hw_type === null ? null : { type: hw_type, name: hw_name, count: hw_count };
}

/** A cloud that does not say is one that has nothing else. */
function forBareMetal({ instance_type }: { instance_type: string | null }): boolean {
  return instance_type === null || instance_type === 'bm';
}

function keyPairOf(pair: Pick<WireKeyPair, 'name' | 'fingerprint' | 'public_key' | 'created_at'>): KeyPair {
  return {
    name: pair.name ?? '',
    fingerprint: pair.fingerprint,
    publicKey: pair.public_key,
    createdAt: pair.created_at,
  };
}
