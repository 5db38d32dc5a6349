import { type Installation, runInNetwork } from '@moru/stack';

/** What the embedded cloud does wrong on purpose until it is told otherwise. */
export interface Fault {
  method: string;
  /** `*` stands for one segment, `$` at the end for the end */
  path: string;
  kind: 'latency' | 'status' | 'hang' | 'answerLost' | 'truncated' | 'rateLimited';
  status?: number;
  ms?: number;
}

const set = new WeakMap<Installation, readonly Fault[]>();

/** Those that were set last. */
export const faultsOf = (installation: Installation) => set.get(installation) ?? [];

/** `METHOD PATH` of the cloud's API. */
export function readRoute(route: string): Pick<Fault, 'method' | 'path'> {
  const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(route) ?? [];
  if (!method || !path) throw new Error(`not a route: ${route}`);
  return { method, path };
}

/** Replaces all faults of the embedded cloud; an empty list makes it well again. */
export async function setFaults(installation: Installation, faults: readonly Fault[]): Promise<void> {
  const { hosts, cloudUrl } = installation;
  if (!hosts.pids) throw new Error('faults are set from inside the console’s network');
  set.set(installation, faults);
  const json = ['-H', 'content-type: application/json', '--data-binary', '@-'];
  const request = ['-sS', '-f', '-m', '5', '-X', 'PUT', `${cloudUrl}/_moru/faults`, ...json];
  await runInNetwork(hosts.pids.console, 'curl', request, JSON.stringify(faults));
}
