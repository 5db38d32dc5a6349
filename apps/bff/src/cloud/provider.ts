import { type Instance, ProblemError, type ProblemExtras, type PublicIp } from '@moru/types';
import type { CloudCatalogue, InstanceLifecycle } from './lifecycle.ts';

/** On whose behalf the cloud is asked, and the id that ties its log to ours. */
export interface Caller {
  token: string;
  requestId: string;
}

/** What the cloud says of an instance; the firewall is the host's own matter. */
export type CloudInstance = Omit<Instance, 'firewall'>;

export interface IssuedToken {
  token: string;
  user: { id: string; name: string };
  project: { id: string; name: string };
  /** role names as the cloud spells them */
  roles: string[];
  /** RFC 3339, UTC */
  expiresAt: string;
}

/** The cloud's own 401: it no longer takes the token. Nothing else ends a session from outside. */
export class TokenRefused extends ProblemError {
  override readonly name = 'TokenRefused';

  constructor(extras: ProblemExtras) {
    super('session.expired', extras);
  }
}

/**
 * A cloud behind the console, in the console's words; `kakaocloud/` is the first. Every method rejects with a
 * ProblemError. Reads are repeated on passing faults, writes never: a write whose outcome is open rejects with an
 * UnsettledWrite (settle.ts), and the caller re-reads.
 */
export interface CloudProvider extends InstanceLifecycle, CloudCatalogue {
  /** resolves when the sign-in service answers at all */
  ping(): Promise<void>;
  signIn(key: { accessKeyId: string; secret: string }, requestId: string): Promise<IssuedToken>;
  signOut(caller: Caller): Promise<void>;
  listInstances(caller: Caller): Promise<CloudInstance[]>;
  /**
   * What the lists look like to this caller from outside, for a few rows' price: of each its length and its newest row.
   * Rejects as the lists themselves would.
   */
  glance(caller: Caller): Promise<string>;
  mirrorProject(): ProjectMirror;
  /** rejects with `instance.notFound` */
  getInstance(caller: Caller, instanceId: string): Promise<CloudInstance>;
  listPublicIps(caller: Caller): Promise<PublicIp[]>;
  /** null when there is none of that id */
  getPublicIp(caller: Caller, publicIpId: string): Promise<PublicIp | null>;
  /** creates an idle Public IP; rejects with `publicIp.poolEmpty` */
  createPublicIp(caller: Caller, description: string): Promise<PublicIp>;
  /** rejects with `publicIp.notFound` */
  describePublicIp(caller: Caller, publicIpId: string, description: string): Promise<void>;
  /** creates a Public IP and begins to attach it; `attachedTo` of the answer is null, since the wire does not say */
  attachNewPublicIp(caller: Caller, place: InterfacePlace): Promise<PublicIp>;
  attachPublicIp(caller: Caller, place: InterfacePlace, publicIpId: string): Promise<PublicIp>;
  /** rejects with `publicIp.changed` when this address is not on this interface (any more) */
  detachPublicIp(caller: Caller, networkInterfaceId: string, publicIpId: string): Promise<void>;
  /** gives an idle address back; resolves as well when there is none of that id, and rejects while it is attached */
  deletePublicIp(caller: Caller, publicIpId: string): Promise<void>;
}

/** What of a list is other than before. */
export interface Changes<Row> {
  changed: Row[];
  gone: string[];
}

export interface MirrorChanges {
  instances: Changes<CloudInstance>;
  publicIps: Changes<PublicIp>;
}

/** What the cloud has of one project, held so that it is brought up to date for the price of what changed. */
export interface ProjectMirror {
  /** what `glance` said before the last refresh; null before the first */
  readonly mark: string | null;
  readonly instances: ReadonlyMap<string, CloudInstance>;
  readonly publicIps: ReadonlyMap<string, PublicIp>;
  /**
   * Reads what changed, or everything anew where `whole`. One at a time. Tells what is other than before; null at the
   * first one, when there is nothing to compare with.
   */
  refresh(caller: Caller, whole: boolean): Promise<MirrorChanges | null>;
}

export interface InterfacePlace {
  instanceId: string;
  networkInterfaceId: string;
}
