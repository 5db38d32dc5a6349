import { type ChildProcess, execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { missing, writeUntilCut } from '../testing/acknowledged.ts';
import { installation, kill, listening, runCloud } from '../testing/cloud-process.ts';

/** Runs what follows with the image as its disk, mounted where nobody else sees it; the mount ends with it. */
const onDisk = (image: string, folder: string) => [
  'unshare',
  '--mount',
  '--propagation=private',
  'sh',
  '-c',
  // The journal's own timer would write what nobody has asked to be on disk.
  'mount -o loop,commit=300 "$0" "$1" && shift && exec "$@"',
  image,
  folder,
];

/**
 * Ends the cloud, and keeps the disk as it was at one moment, as after a power cut: what the file system still had in
 * memory is not in the copy. The cloud stands still meanwhile, so that the copy is of one moment.
 */
async function cutPower(cloud: ChildProcess, image: string, copy: string): Promise<void> {
  cloud.kill('SIGSTOP');
  copyFileSync(image, copy);
  await kill(cloud);
}

/** What is missing of disks in files, or undefined: containers often have no loop devices. */
function missingDisks(image: string, folder: string): string | undefined {
  try {
    execFileSync('mkfs.ext4', ['-q', '-E', 'lazy_itable_init=0,lazy_journal_init=0', image, '48M']);
    const [program = '', ...args] = [...onDisk(image, folder), 'true'];
    execFileSync(program, args, { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    // On a build server they must be there.
    if (process.env.CI) throw error;
    return `no disks in files here: ${String(error).split('\n')[0]}`;
  }
}

test('a power cut in the middle of writes loses nothing that was acknowledged', async ({ skip }) => {
  const { directory, environment } = installation();
  const folder = join(directory, 'disk');
  mkdirSync(folder);
  const env = { ...environment, MORU_CLOUD_DATA: join(folder, 'cloud') };
  let image = join(directory, 'disk-0.img');
  const missingHere = missingDisks(image, folder);
  skip(missingHere !== undefined, missingHere);
  let cloud = runCloud(env, onDisk(image, folder));
  let url = await listening(cloud);
  for (let round = 1; round <= 3; round += 1) {
    const copy = join(directory, `disk-${round}.img`);
    const done = await writeUntilCut(url, round, () => cutPower(cloud.child, image, copy));
    image = copy;
    cloud = runCloud(env, onDisk(image, folder));
    url = await listening(cloud);
    expect(await missing(url, round, done)).toEqual([]);
  }
}, 120_000);
