import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { firstLine } from '../namespaces/run.ts';
import { controlGroupsOf } from '../testing/control-groups.ts';
import { machineGroup } from './cgroups.ts';

test('a group is there until it is closed, with what is in it', async () => {
  const group = await machineGroup();
  expect(await controlGroupsOf(process.pid)).toHaveLength(1);
  const inside = await intoGroup(`${group.name}/machine`);
  await group.close();
  expect(await controlGroupsOf(process.pid)).toEqual([]);
  await expect.poll(() => inside.exitCode ?? inside.signalCode).toBe('SIGKILL');
});

test('what an owner left that was killed together with its keeper is swept by the next one', async () => {
  const { pid: gone } = spawnSync('true');
  const left = await intoGroup(`moru-${gone}-1/machine/payload`);
  const ours = await intoGroup(`moru-${process.pid}-0/machine`);
  const group = await machineGroup();
  expect(await controlGroupsOf(gone)).toEqual([]);
  await expect.poll(() => left.exitCode ?? left.signalCode).toBe('SIGKILL');
  // a group whose owner is alive is somebody's
  expect((await controlGroupsOf(process.pid)).filter((path) => path.includes('-0'))).toHaveLength(2);
  expect(existsSync(`/proc/${ours.pid}`)).toBe(true);
  ours.kill('SIGKILL');
  await group.close();
  await expect.poll(async () => removeGroup(`moru-${process.pid}-0`)).toBe(0);
});

const enter =
  'mount -t cgroup2 cgroup2 /sys/fs/cgroup && cd "/sys/fs/cgroup$(sed -n s/^0:://p /proc/self/cgroup)"';

/** A process in a control group that it makes, below this process's own. */
async function intoGroup(path: string) {
  const script = `${enter} && mkdir -p ${path} && echo 0 > ${path}/cgroup.procs && echo in && exec sleep 60`;
  const child = spawn('unshare', ['--mount', 'sh', '-c', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  await firstLine(child, 'in', 'the process in the group');
  return child;
}

const removeGroup = (path: string) =>
  spawnSync('unshare', ['--mount', 'sh', '-c', `${enter} && find ${path} -depth -type d -exec rmdir {} +`])
    .status;
