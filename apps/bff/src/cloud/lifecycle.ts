import type {
  CloudAction,
  CreateInstance,
  CreateKeyPair,
  CreateKeyPairResult,
  Flavor,
  Image,
  KeyPair,
  RebuildInstance,
  SecurityGroup,
  UpdateInstance,
  Vpc,
} from '@moru/types';
import type { Caller } from './provider.ts';

/**
 * What a cloud can do with instances, in the console's words. Each method resolves once the cloud has taken the order,
 * long before it is carried out; `instance.notFound` and `instance.state` are what they reject with for an instance
 * that is gone or in a state that forbids it.
 */
export interface InstanceLifecycle {
  startInstance(caller: Caller, instanceId: string): Promise<void>;
  stopInstance(caller: Caller, instanceId: string): Promise<void>;
  /** power cycle; starts one that is stopped */
  hardRebootInstance(caller: Caller, instanceId: string): Promise<void>;
  rebuildInstance(caller: Caller, instanceId: string, wanted: RebuildInstance): Promise<void>;
  /** its Public IPs stay, idle and billed */
  deleteInstance(caller: Caller, instanceId: string): Promise<void>;
  updateInstance(caller: Caller, instanceId: string, change: UpdateInstance): Promise<void>;
  /** the id of the first one; rejects with `input.invalid` or `instance.refused`, with the cloud's own words */
  createInstance(caller: Caller, wanted: CreateInstance): Promise<string>;
  /** newest first */
  actionLog(caller: Caller, instanceId: string): Promise<CloudAction[]>;
  /** newest line first */
  consoleLog(caller: Caller, instanceId: string, lines: number): Promise<string[]>;
}

/** What instances are made of; only what is for bare metal. */
export interface CloudCatalogue {
  listFlavors(caller: Caller): Promise<Flavor[]>;
  listImages(caller: Caller): Promise<Image[]>;
  /** the caller's own */
  listKeyPairs(caller: Caller): Promise<KeyPair[]>;
  /** rejects with `keyPair.exists` */
  createKeyPair(caller: Caller, wanted: CreateKeyPair): Promise<CreateKeyPairResult>;
  /** hosts keep the key; resolves as well when there is none of that name */
  deleteKeyPair(caller: Caller, name: string): Promise<void>;
  /** with their subnets and route tables */
  listVpcs(caller: Caller): Promise<Vpc[]>;
  listSecurityGroups(caller: Caller): Promise<SecurityGroup[]>;
}
