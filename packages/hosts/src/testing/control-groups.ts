import { run } from '../namespaces/run.ts';

const find = 'mount -t cgroup2 cgroup2 /sys/fs/cgroup && find /sys/fs/cgroup -path "*/moru-$0-*"';

/** Control groups of the machines that a process owns, by their paths. */
export const controlGroupsOf = (owner = 0) => lines(`${find} -type d`, owner);

/** Processes of these machines. */
export const processesOfMachines = (owner = 0) =>
  lines(`${find} -name cgroup.procs -exec cat {} +`, owner).then((pids) => pids.map(Number));

async function lines(command: string, owner: number): Promise<string[]> {
  // groups come and go while find walks through them
  const found = await run('unshare', ['--mount', 'sh', '-c', `${command} 2> /dev/null || :`, String(owner)]);
  return found.split('\n').filter(Boolean);
}
