import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError, type PublicIp } from '@moru/types';
import type { Caller, CloudProvider } from '../cloud/provider.ts';
import type { Facts } from '../operations/model.ts';
import type { Primitive, Primitives } from '../operations/primitives.ts';

/** For a cloud that shows an address as attached for a moment after it was detached, and does not delete it then. */
const deletionAttempts = 4;
const deletionPauseMs = 500;

/** An attachment that takes longer is told as unknown; looking on is a press of a button. */
const watchMs = 5 * 60_000;
const watchPauseMs = { first: 300, most: 3_000 };

/** The changes that operations on Public IPs are made of. */
export function publicIpPrimitives(cloud: CloudProvider): Primitives {
  const place = ({ instanceId, networkInterfaceId }: Facts) => ({
    instanceId: need(instanceId),
    networkInterfaceId: need(networkInterfaceId),
  });

  const heldBy = async (caller: Caller, { networkInterfaceId }: Facts): Promise<PublicIp | null> => {
    const all = await cloud.listPublicIps(caller);
    return all.find((ip) => ip.attachedTo?.networkInterfaceId === networkInterfaceId) ?? null;
  };

  /** The cloud says 409 for a taken interface as for whatever else, and in words only. */
  const orTaken = async (caller: Caller, args: Facts, attachIt: () => Promise<Facts>): Promise<Facts> => {
    try {
      return await attachIt();
    } catch (error) {
      const conflict = error instanceof ProblemError && error.problem.status === 409;
      if (!conflict || !(await heldBy(caller, args))) throw error;
      const { upstream } = error.problem;
      throw new ProblemError('networkInterface.hasPublicIp', upstream === undefined ? {} : { upstream });
    }
  };

  const attachNew: Primitive = {
    run: ({ caller }, args) =>
      orTaken(caller, args, async () => factsOfIp(await cloud.attachNewPublicIp(caller, place(args)))),
    // the interface had none when it began, and nobody else works on it
    async look({ caller }, args) {
      const held = await heldBy(caller, args);
      return held && factsOfIp(held);
    },
    inverse: (args, { publicIpId = '' }) => [
      { name: 'detach', args: { ...args, publicIpId } },
      { name: 'delete', args: { publicIpId } },
    ],
  };

  const attach: Primitive = {
    halfDone: 'publicIp.detachedNotAttached',
    run: ({ caller }, args) =>
      orTaken(caller, args, async () =>
        factsOfIp(await cloud.attachPublicIp(caller, place(args), need(args.publicIpId))),
      ),
    async look({ caller }, { publicIpId, networkInterfaceId }) {
      const ip = await cloud.getPublicIp(caller, need(publicIpId));
      return ip?.attachedTo?.networkInterfaceId === networkInterfaceId && ip ? factsOfIp(ip) : null;
    },
    inverse: (args) => [{ name: 'detach', args }],
  };

  const detach: Primitive = {
    async run({ caller }, { networkInterfaceId, publicIpId }) {
      await cloud.detachPublicIp(caller, need(networkInterfaceId), need(publicIpId));
      return {};
    },
    async look({ caller }, { networkInterfaceId, publicIpId }) {
      const ip = await cloud.getPublicIp(caller, need(publicIpId));
      return ip?.attachedTo?.networkInterfaceId === networkInterfaceId ? null : {};
    },
    // an address that an undo takes off again had never been somewhere else
    inverse: (args) => [{ name: 'attach', args }],
  };

  const remove: Primitive = {
    halfDone: 'publicIp.detachedNotDeleted',
    async run({ caller, signal }, { publicIpId }) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await cloud.deletePublicIp(caller, need(publicIpId));
          return {};
        } catch (error) {
          const inUse = error instanceof ProblemError && error.problem.code === 'publicIp.inUse';
          if (!inUse || attempt === deletionAttempts) throw error;
          await sleep(deletionPauseMs, undefined, { signal });
        }
      }
    },
    async look({ caller }, { publicIpId }) {
      return (await cloud.getPublicIp(caller, need(publicIpId))) === null ? {} : null;
    },
    inverse: () => null,
  };

  /** Waits until the cloud says that the address is in use. */
  const settle: Primitive = {
    watches: true,
    async run({ caller, facts, signal }, args) {
      const publicIpId = need(args.publicIpId ?? facts.publicIpId);
      const deadline = performance.now() + watchMs;
      let last: unknown;
      for (let pause = watchPauseMs.first; performance.now() < deadline; ) {
        const ip = await cloud.getPublicIp(caller, publicIpId).catch((error: unknown) => {
          if (error instanceof ProblemError && error.problem.code === 'session.expired') throw error;
          last = error;
          return undefined;
        });
        if (ip === null) throw new ProblemError('publicIp.notFound');
        if (ip && ip.status !== 'attaching') return { status: ip.status };
        await sleep(pause, undefined, { signal });
        pause = Math.min(pause * 1.5, watchPauseMs.most);
      }
      throw new ProblemError('outcome.unknown', {}, { cause: last });
    },
    look: async () => null,
    inverse: () => [],
  };

  return { attachNew, attach, detach, delete: remove, settle };
}

function factsOfIp({ id, address }: PublicIp): Facts {
  return { publicIpId: id, address };
}

function need(value: string | undefined): string {
  if (value === undefined) throw new TypeError('a step lacks an id');
  return value;
}
