import { type Installation, runInNetwork } from '@moru/stack';

/** What the embedded cloud does wrong on purpose until it is told otherwise. */
export interface Fault {
  method: string;
  /** `*` stands for one segment */
  path: string;
  kind: 'latency' | 'status' | 'hang' | 'answerLost' | 'truncated' | 'rateLimited';
  status?: number;
  ms?: number;
}

/** Replaces all faults of the embedded cloud; an empty list makes it well again. */
export async function fault({ hosts, cloudUrl }: Installation, faults: readonly Fault[]): Promise<void> {
  if (!hosts.pids) throw new Error('faults are set from inside the console’s network');
  const json = ['-H', 'content-type: application/json', '--data-binary', '@-'];
  const request = ['-sS', '-f', '-m', '5', '-X', 'PUT', `${cloudUrl}/_moru/faults`, ...json];
  await runInNetwork(hosts.pids.console, 'curl', request, JSON.stringify(faults));
}
