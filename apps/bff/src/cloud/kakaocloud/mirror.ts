import type { Instance, NetworkInterface, PublicIpDetail, Subnet } from '@moru/kakaocloud';
import type { PublicIp } from '@moru/types';
import type { Caller, CloudInstance, MirrorChanges, ProjectMirror } from '../provider.ts';
import { MirroredList } from './mirrored-list.ts';
import { assembleInstance, indexPublicIps, isBareMetal, publicIpOf } from './model.ts';
import type { ProjectLists } from './project-lists.ts';

/** Names, MAC addresses and subnets of interfaces hardly change; an interface that is missing is looked for at once. */
const interfacesFreshMs = 60_000;
/** An odd one that the cloud never lists must not cost every refresh. */
const interfacesRetryMs = 2_000;

/** More instances than this whose addresses changed are read with the list and not one by one. */
const mostReadAlone = 20;

/** What a token's lists look like from outside: of each how many rows there are and which is the newest. */
export async function glance(lists: ProjectLists, caller: Caller): Promise<string> {
  const one = { offset: 0, limit: 1 };
  const newest = await Promise.all([
    lists.instances(caller, one),
    lists.publicIps(caller, one),
    lists.interfaces(caller, one),
    lists.subnets(caller, one),
  ]);
  return JSON.stringify(newest.map(({ rows, total }) => [total, rows[0]?.id ?? null]));
}

/** Holds what KakaoCloud has of one project, in the console's words. */
export function createMirror(lists: ProjectLists): ProjectMirror {
  const instances = new MirroredList<Instance>();
  const publicIps = new MirroredList<PublicIpDetail>();
  const interfaces = new MirroredList<NetworkInterface>();
  const subnets = new MirroredList<Subnet>();
  const assembled = new Map<string, CloudInstance>();
  const addresses = new Map<string, PublicIp>();
  // what a refresh that failed half way has found
  const places = new Set<string>();
  const changedIps = new Map<string, PublicIpDetail | undefined>();
  let interfacesAt = Number.NEGATIVE_INFINITY;
  // since every instance was last seen to have its interfaces, something has changed
  let mayMiss = true;
  let mark: string | null = null;

  const readInterfaces = async (caller: Caller, whole: boolean) => {
    const began = Date.now();
    await Promise.all([
      interfaces.refresh((query) => lists.interfaces(caller, query), whole),
      subnets.refresh((query) => lists.subnets(caller, query), whole),
    ]);
    if (whole) interfacesAt = began;
  };
  const readInstances = (caller: Caller, whole: boolean) =>
    instances.refresh((query) => lists.instances(caller, query), whole);
  const isMissing = () =>
    [...instances.values()].some(({ addresses: held }) =>
      held.some(({ network_interface_id }) => !interfaces.get(network_interface_id ?? '')),
    );

  /** Of instances whose own record says something else now, although the cloud tells of no change of it. */
  const readAgain = async (caller: Caller, ids: readonly string[]) => {
    if (ids.length > mostReadAlone) return readInstances(caller, true);
    const rows = await Promise.all(ids.map((id) => lists.instance(caller, id)));
    for (const [at, id] of ids.entries()) instances.put(id, rows[at] ?? null);
  };

  /** Where interfaces and addresses came or went: the instance's own record names them, and tells of no change. */
  const placesOf = (
    nics: ReadonlyMap<string, NetworkInterface | undefined>,
    ips: ReadonlyMap<string, PublicIpDetail | undefined>,
  ): string[] => {
    const found = new Set<string | null | undefined>();
    for (const [id, before] of nics) found.add(before?.device_id).add(interfaces.get(id)?.device_id);
    for (const [id, before] of ips) {
      found.add(before?.related_resource?.device_id).add(publicIps.get(id)?.related_resource?.device_id);
    }
    return [...found].filter((id) => typeof id === 'string').filter((id) => instances.get(id));
  };

  const assemble = (ids: Iterable<string>, changes: MirrorChanges['instances']) => {
    const index = indexPublicIps(publicIps.values());
    for (const id of ids) {
      const wire = instances.get(id);
      if (!wire || !isBareMetal(wire)) {
        if (assembled.delete(id)) changes.gone.push(id);
        continue;
      }
      const before = assembled.get(id);
      const now = assembleInstance(wire, index, { interfaces, subnets });
      if (before && JSON.stringify(before) === JSON.stringify(now)) continue;
      assembled.set(id, now);
      changes.changed.push(now);
    }
  };

  const assembleIps = (ids: Iterable<string>, changes: MirrorChanges['publicIps']) => {
    for (const id of ids) {
      const wire = publicIps.get(id);
      if (!wire) {
        if (addresses.delete(id)) changes.gone.push(id);
        continue;
      }
      const place = wire.related_resource?.device_id ?? '';
      const now = publicIpOf(wire, new Map([[place, instances.get(place)?.name ?? null]]));
      if (JSON.stringify(addresses.get(id)) === JSON.stringify(now)) continue;
      addresses.set(id, now);
      changes.changed.push(now);
    }
  };

  return {
    get mark() {
      return mark;
    },
    instances: assembled,
    publicIps: addresses,

    async refresh(caller, whole) {
      // first, so that what happens meanwhile shows as a difference to it
      const seen = await glance(lists, caller);
      const isFirst = mark === null;
      const long = instances.isLong;
      const due = whole || Date.now() - interfacesAt > interfacesFreshMs;
      await Promise.all([
        readInstances(caller, whole),
        publicIps.refresh((query) => lists.publicIps(caller, query), whole),
        due || long ? readInterfaces(caller, due) : null,
      ]);
      mayMiss ||= instances.hasChanged || interfaces.hasChanged;
      if (mayMiss && !due && Date.now() - interfacesAt > interfacesRetryMs) {
        mayMiss = isMissing();
        if (mayMiss) await readInterfaces(caller, true);
      }
      for (const [id, before] of publicIps.takeChanged()) changedIps.set(id, before);
      for (const id of placesOf(interfaces.takeChanged(), changedIps)) places.add(id);
      if (long && !whole) await readAgain(caller, [...places]);

      const changes: MirrorChanges = {
        instances: { changed: [], gone: [] },
        publicIps: { changed: [], gone: [] },
      };
      const changed = instances.takeChanged();
      // a subnet's name stands on every row of it, and seldom changes
      const all = subnets.takeChanged().size > 0 ? [...instances.values()].map(({ id }) => id) : [];
      assemble(new Set([...changed.keys(), ...places, ...all]), changes.instances);
      places.clear();
      const named = [...addresses.values()].filter(({ attachedTo }) =>
        changed.has(attachedTo?.instanceId ?? ''),
      );
      assembleIps(new Set([...changedIps.keys(), ...named.map(({ id }) => id)]), changes.publicIps);
      changedIps.clear();
      mark = seen;
      return isFirst ? null : changes;
    },
  };
}
