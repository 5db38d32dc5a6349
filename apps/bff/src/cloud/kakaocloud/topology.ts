import { maximumLimit, type NetworkInterface, type Subnet } from '@moru/kakaocloud';
import type { Caller } from '../provider.ts';
import { readAllPages } from './pages.ts';
import type { ProjectLists } from './project-lists.ts';

interface Topology {
  interfaces: Map<string, NetworkInterface>;
  subnets: Map<string, Subnet>;
}

/** Names, MAC addresses and subnets never change while an interface lives; Public IPs are not taken from here. */
const freshMs = 60_000;

/** An interface that is missing may be new, so it is looked for again, but an odd one must not cost every request. */
const retryMs = 2_000;

/** Projects kept: one holds about 1 kB for each interface. */
const maximumProjects = 50;

/**
 * Interfaces and subnets of a project, read from VPC and kept for a minute, so that a list costs two upstream calls
 * and not four. The key is the token: nobody sees what another token may not.
 */
export function createTopology(lists: Pick<ProjectLists, 'interfaces' | 'subnets'>) {
  const kept = new Map<string, { at: number; read: Promise<Topology> }>();

  const readNow = async (caller: Caller): Promise<Topology> => {
    const [interfaces, subnets] = await Promise.all([
      readAllPages((offset) => lists.interfaces(caller, { offset, limit: maximumLimit })),
      readAllPages((offset) => lists.subnets(caller, { offset, limit: maximumLimit })),
    ]);
    return {
      interfaces: new Map(interfaces.map((nic) => [nic.id, nic])),
      subnets: new Map(subnets.map((subnet) => [subnet.id, subnet])),
    };
  };

  const readAndKeep = (caller: Caller): Promise<Topology> => {
    const read = readNow(caller);
    kept.delete(caller.token);
    kept.set(caller.token, { at: Date.now(), read });
    const oldest = kept.keys().next().value;
    if (kept.size > maximumProjects && oldest !== undefined) kept.delete(oldest);
    read.catch(() => {
      if (kept.get(caller.token)?.read === read) kept.delete(caller.token);
    });
    return read;
  };

  return {
    /** `needed`: interfaces that must be among the answer, as long as VPC knows them */
    async read(caller: Caller, needed: readonly string[]): Promise<Topology> {
      const entry = kept.get(caller.token);
      const age = entry ? Date.now() - entry.at : Number.POSITIVE_INFINITY;
      if (!entry || age > freshMs) return readAndKeep(caller);
      const topology = await entry.read;
      const complete = age < retryMs || needed.every((id) => topology.interfaces.has(id));
      return complete ? topology : readAndKeep(caller);
    },
  };
}
