import {
  apiPaths,
  createKeyPairResultSchema,
  createKeyPairSchema,
  flavorListSchema,
  imageListSchema,
  keyPairListSchema,
  keyPairNameSchema,
  networkListSchema,
  securityGroupListSchema,
} from '@moru/types';
import { z } from 'zod';
import type { CloudProvider } from '../cloud/provider.ts';
import { pathPattern } from '../http/paths.ts';
import { mutation, type Route, route } from '../http/route.ts';
import { createKeyPair, deleteKeyPair } from './key-pairs.ts';

const keyPairParams = z.strictObject({ name: keyPairNameSchema });

/** What instances are made of: for forms, and for what is said of an instance. */
export function catalogueRoutes(cloud: CloudProvider): Route[] {
  return [
    route({
      method: 'get',
      path: apiPaths.flavors,
      policy: 'session',
      input: {},
      output: flavorListSchema,
      handle: async ({ caller }) => ({ flavors: await cloud.listFlavors(caller) }),
    }),
    route({
      method: 'get',
      path: apiPaths.images,
      policy: 'session',
      input: {},
      output: imageListSchema,
      handle: async ({ caller }) => ({ images: await cloud.listImages(caller) }),
    }),
    route({
      method: 'get',
      path: apiPaths.networks,
      policy: 'session',
      input: {},
      output: networkListSchema,
      handle: async ({ caller }) => ({ vpcs: await cloud.listVpcs(caller) }),
    }),
    route({
      method: 'get',
      path: apiPaths.securityGroups,
      policy: 'session',
      input: {},
      output: securityGroupListSchema,
      handle: async ({ caller }) => ({ securityGroups: await cloud.listSecurityGroups(caller) }),
    }),
    route({
      method: 'get',
      path: apiPaths.keyPairs,
      policy: 'session',
      input: {},
      output: keyPairListSchema,
      handle: async ({ caller }) => ({ keyPairs: await cloud.listKeyPairs(caller) }),
    }),

    mutation({
      method: 'post',
      path: apiPaths.keyPairs,
      policy: 'keyPair.create',
      input: { body: createKeyPairSchema },
      output: createKeyPairResultSchema,
      audit: ({ body }) => ({
        target: { type: 'keyPair', id: body.name },
        detail: { imported: body.publicKey !== undefined },
      }),
      prepare: async ({ input }) => ({ name: input.body.name }),
      handle: ({ caller, input }) => createKeyPair(cloud, caller, input.body),
      outcome: ({ keyPair }) => ({ fingerprint: keyPair.fingerprint }),
    }),

    mutation({
      method: 'delete',
      path: pathPattern(apiPaths.keyPair(':name')),
      policy: 'keyPair.delete',
      input: { params: keyPairParams },
      output: null,
      audit: ({ params }) => ({ target: { type: 'keyPair', id: params.name }, detail: {} }),
      prepare: async ({ input }) => ({ name: input.params.name }),
      handle: ({ caller, input }) => deleteKeyPair(cloud, caller, input.params.name),
    }),
  ];
}
