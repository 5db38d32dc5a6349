import { z } from 'zod';

/** A type of bare-metal server. */
export const flavorSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  vcpus: z.int().nullable(),
  memoryMb: z.int().nullable(),
  rootGb: z.int().nullable(),
  processor: z.string().nullable(),
  accelerator: z
    .object({ type: z.string(), name: z.string().nullable(), count: z.int().nullable() })
    .nullable(),
  maximumNetworkInterfaces: z.int().nullable(),
  availabilityZones: z.array(z.string()),
  /** servers that can be had now, by zone; null where the cloud does not say */
  available: z.record(z.string(), z.int()).nullable(),
});
export type Flavor = z.infer<typeof flavorSchema>;
export const flavorListSchema = z.object({ flavors: z.array(flavorSchema) });

/** An image for bare metal. */
export const imageSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  osDistro: z.string().nullable(),
  /** the account that the key pair signs in as */
  adminUser: z.string().nullable(),
});
export type Image = z.infer<typeof imageSchema>;
export const imageListSchema = z.object({ images: z.array(imageSchema) });

/** Key pairs are their user's own. */
export const keyPairSchema = z.object({
  name: z.string(),
  fingerprint: z.string().nullable(),
  publicKey: z.string().nullable(),
  createdAt: z.iso.datetime().nullable(),
});
export type KeyPair = z.infer<typeof keyPairSchema>;
export const keyPairListSchema = z.object({ keyPairs: z.array(keyPairSchema) });

export const keyPairNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/, 'letters, digits, . _ and - only');

/** Without a public key the cloud makes the pair. */
export const createKeyPairSchema = z.strictObject({
  name: keyPairNameSchema,
  publicKey: z.string().max(16_384).optional(),
});
export type CreateKeyPair = z.infer<typeof createKeyPairSchema>;

/** The private key is told here and never again; null for an imported one. */
export const createKeyPairResultSchema = z.object({
  keyPair: keyPairSchema,
  privateKey: z.string().nullable(),
});
export type CreateKeyPairResult = z.infer<typeof createKeyPairResultSchema>;

export const cloudRouteSchema = z.object({
  destination: z.string(),
  /** local, igw, instance, tgw … */
  targetType: z.string().nullable(),
  targetId: z.string().nullable(),
  targetName: z.string().nullable(),
});

export const cloudSubnetSchema = z.object({
  id: z.string(),
  name: z.string(),
  cidr: z.string(),
  availabilityZone: z.string().nullable(),
  routeTableId: z.string().nullable(),
  /** its route table leads everything to an internet gateway: without that no Public IP in it is reached */
  reachesInternet: z.boolean().nullable(),
});
export type CloudSubnet = z.infer<typeof cloudSubnetSchema>;

export const routeTableSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** the one that new subnets follow */
  main: z.boolean(),
  routes: z.array(cloudRouteSchema),
});
export type RouteTable = z.infer<typeof routeTableSchema>;

export const vpcSchema = z.object({
  id: z.string(),
  name: z.string(),
  cidr: z.string(),
  internetGateway: z.boolean(),
  subnets: z.array(cloudSubnetSchema),
  routeTables: z.array(routeTableSchema),
});
export type Vpc = z.infer<typeof vpcSchema>;
export const networkListSchema = z.object({ vpcs: z.array(vpcSchema) });
export type NetworkList = z.infer<typeof networkListSchema>;

/** They do not filter bare metal. */
export const securityGroupSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
});
export type SecurityGroup = z.infer<typeof securityGroupSchema>;
export const securityGroupListSchema = z.object({ securityGroups: z.array(securityGroupSchema) });
