import type { StrictPublicIp, StrictPublicIpDetail } from '@moru/kakaocloud';
import { ApiFailure } from '../http/failure.ts';
import type { Store } from '../store/store.ts';
import { type PublicIps, shortForm } from './public-ips.ts';
import type { Translation } from './translation.ts';

/**
 * What may be done with a Public IP, in the wire's terms: `available` → `attaching` → `in_use` and back at once
 * (reference/kakaocloud.md B.3; there is no detaching status). An attachment under way can be taken back too.
 * All methods throw ApiFailure 404 for what the project does not have and 409 for what its state forbids.
 */
export class PublicIpOperations {
  readonly #store: Store;
  readonly #publicIps: PublicIps;
  readonly #translation: Translation;
  readonly #attachMs: number;

  constructor(store: Store, publicIps: PublicIps, translation: Translation, attachMs: number) {
    this.#store = store;
    this.#publicIps = publicIps;
    this.#translation = translation;
    this.#attachMs = attachMs;
  }

  get(projectId: string, id: string): StrictPublicIpDetail {
    const publicIp = this.#publicIps.find(projectId, id);
    if (publicIp === undefined) throw new ApiFailure(404, `There is no Public IP ${id}`);
    return publicIp;
  }

  create(projectId: string, description: string): StrictPublicIp {
    const id = this.#publicIps.add(projectId, description);
    if (id === null) throw new ApiFailure(409, 'The pool has no free address left');
    return shortForm(this.get(projectId, id));
  }

  describe(projectId: string, id: string, description: string): StrictPublicIp {
    this.get(projectId, id);
    this.#publicIps.describe(id, description);
    return shortForm(this.get(projectId, id));
  }

  remove(projectId: string, id: string): void {
    if (this.get(projectId, id).status !== 'available') {
      throw new ApiFailure(409, 'A Public IP that is attached cannot be deleted');
    }
    this.#publicIps.remove(id);
  }

  attachNew(projectId: string, nicId: string): StrictPublicIp {
    return this.#store.transaction(() => {
      this.#requireFree(projectId, nicId);
      return this.#attach(projectId, this.create(projectId, '').id, nicId);
    });
  }

  attach(projectId: string, id: string, nicId: string): StrictPublicIp {
    return this.#store.transaction(() => {
      const publicIp = this.get(projectId, id);
      if (publicIp.status !== 'available') {
        throw new ApiFailure(409, `${publicIp.public_ip} is attached to another network interface`);
      }
      this.#requireFree(projectId, nicId);
      return this.#attach(projectId, id, nicId);
    });
  }

  /** Detaches whatever the interface has. */
  async detachFrom(projectId: string, nicId: string, andDelete: boolean): Promise<StrictPublicIp> {
    const publicIp = this.#publicIps.ofInterface(projectId, nicId);
    if (publicIp === undefined) throw new ApiFailure(409, 'The network interface has no Public IP');
    return await this.#detach(publicIp, andDelete);
  }

  /** Detaches this one from this interface. */
  async detach(projectId: string, id: string, nicId: string): Promise<StrictPublicIp> {
    const publicIp = this.get(projectId, id);
    if (publicIp.related_resource?.id !== nicId) {
      throw new ApiFailure(409, `${publicIp.public_ip} is not attached to this network interface`);
    }
    return await this.#detach(publicIp, false);
  }

  /** Free for a Public IP. Whether one without an instance may have it is not documented: strict here. */
  #requireFree(projectId: string, nicId: string): void {
    const instance = this.#store.get<{ task: string | null }>(
      `SELECT i.task FROM network_interfaces n JOIN instances i ON i.id = n.instance_id
       WHERE n.project_id = ? AND n.id = ?`,
      projectId,
      nicId,
    );
    if (instance === undefined) throw new ApiFailure(409, 'No instance has the network interface');
    if (instance.task === 'delete') throw new ApiFailure(409, 'The instance is being deleted');
    const held = this.#publicIps.ofInterface(projectId, nicId);
    if (held) throw new ApiFailure(409, `The network interface already has ${held.public_ip}`);
  }

  #attach(projectId: string, id: string, nicId: string): StrictPublicIp {
    this.#publicIps.setAttaching(id, nicId, Date.now() + this.#attachMs);
    this.#translation.expect();
    return shortForm(this.get(projectId, id));
  }

  async #detach(publicIp: StrictPublicIpDetail, andDelete: boolean): Promise<StrictPublicIp> {
    const { id, project_id: projectId } = publicIp;
    const idle = this.#store.transaction(() => {
      this.#publicIps.setAvailable(id);
      const after = shortForm(this.get(projectId, id));
      if (andDelete) this.#publicIps.remove(id);
      return after;
    });
    // No status tells of a detachment under way, so the answer itself says that the address leads nowhere now.
    await this.#translation.settled();
    return idle;
  }
}
