import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { root } from '@moru/packaging/bundle';
import { run } from '@moru/stack';

const cache = join(root, '.moru', 'packages', 'servers');
const downloadMs = 300_000;

/**
 * A folder that apt installs the named packages from on a machine of that image, which has no network to a mirror:
 * they and what they need, and an index. Downloads are kept in the checkout.
 */
export async function makeMirror(image: string, names: string[]): Promise<string> {
  await mkdir(join(cache, 'partial'), { recursive: true });
  // what the image has decides what is needed; its own folder is not to be locked or written
  const status = join(cache, 'status');
  await copyFile(join(image, 'var/lib/dpkg/status'), status);
  const options = {
    'APT::Sandbox::User': 'root',
    'Dir::Cache::archives': cache,
    'Dir::State::status': status,
    'Debug::NoLocking': '1',
  };
  const given = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const command = ['install', '-y', '-qq', '--no-install-recommends', '--download-only', ...given, ...names];
  // with the proxy and the certificates that this computer downloads with
  await promisify(execFile)('apt-get', command, { timeout: downloadMs });
  const packages = (await readdir(cache)).filter((name) => name.endsWith('.deb')).sort();
  const index = await Promise.all(packages.map(entryOf));
  await writeFile(join(cache, 'Packages'), index.join('\n'));
  return cache;
}

/** A package as an index of apt names it (deb-control(5), and Debian's repository format for the last three). */
async function entryOf(name: string): Promise<string> {
  const path = join(cache, name);
  const sum = createHash('sha256');
  await pipeline(createReadStream(path), sum);
  const { size } = await stat(path);
  const control = await run('dpkg-deb', ['--field', path]);
  return `${control.trimEnd()}\nFilename: ./${name}\nSize: ${size}\nSHA256: ${sum.digest('hex')}\n`;
}
