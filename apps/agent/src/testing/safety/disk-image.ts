import { execFile } from 'node:child_process';
import { open, readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const megabytes = 12;

/** Whether this machine can mount an image at all; checked once, in a mount namespace that ends with it. */
export async function canMountImages(): Promise<boolean> {
  const script =
    'f=$(mktemp) && truncate -s 2M $f && mkfs.ext4 -q $f && mount -o loop $f /mnt; code=$?; rm $f; exit $code';
  return run('unshare', ['--mount', 'sh', '-c', script]).then(
    () => true,
    () => false,
  );
}

/** A block device to be: an image with an empty file system, ext4 with its journal. */
export async function makeDiskImage(path: string): Promise<void> {
  const file = await open(path, 'wx');
  await file.truncate(megabytes * 1024 * 1024);
  await file.close();
  await run('mkfs.ext4', ['-q', path]);
}

/**
 * Copies what the device has been given so far: not what the kernel still keeps for it. Two equal reads in a row are one
 * moment, for what was written during the first would show in the second.
 */
export async function copyDisk(image: string, copy: string): Promise<void> {
  let last = await readFile(image);
  for (;;) {
    const again = await readFile(image);
    if (again.equals(last)) break;
    last = again;
  }
  await writeFile(copy, last);
}
