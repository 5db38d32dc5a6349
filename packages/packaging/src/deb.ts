import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOf, type InstalledFile, inTree, runTool, type Stamp } from './tree.ts';

export interface DebPackage {
  name: string;
  version: string;
  architecture: 'all' | 'amd64' | 'arm64';
  /** further lines of its control file, with what it depends on and what it is */
  control: string;
  files: readonly InstalledFile[];
  /** `postinst`, `prerm` and `postrm` without their first lines */
  scripts: Readonly<Record<string, string>>;
  /** 1 to 9; what is large takes long */
  compression?: number;
}

/** Settings that an upgrade leaves as the administrator has them. */
const isSetting = ({ path }: InstalledFile) => path.startsWith('etc/');

/** Writes FOLDER/NAME_VERSION_ARCHITECTURE.deb and answers its path. The same contents and stamp give the same bytes. */
export async function makeDeb(package_: DebPackage, stamp: Stamp, folder: string): Promise<string> {
  const { name, version, architecture, files, compression = 9 } = package_;
  const contents = await Promise.all(files.map(async (file) => ({ file, bytes: await bytesOf(file) })));
  const size = contents.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const sums = contents
    .filter(({ file }) => !isSetting(file))
    .map(({ file, bytes }) => `${createHash('md5').update(bytes).digest('hex')}  ${file.path}\n`);
  const conffiles = files.filter(isSetting).map(({ path }) => `/${path}\n`);
  const control = [
    `Package: ${name}`,
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    'Maintainer: Moru maintainers <maintainers@moru.invalid>',
    `Installed-Size: ${Math.ceil(size / 1024)}`,
    package_.control,
  ];
  const about = [
    { path: 'DEBIAN/control', text: control.join('\n'), mode: 0o644 },
    { path: 'DEBIAN/md5sums', text: sums.join(''), mode: 0o644 },
    { path: 'DEBIAN/conffiles', text: conffiles.join(''), mode: 0o644 },
    ...Object.entries(package_.scripts).map(([script, text]) => ({
      path: `DEBIAN/${script}`,
      text: `#!/bin/sh\nset -e\n\n${text}`,
      mode: 0o755,
    })),
  ];
  const deb = join(folder, `${name}_${version}_${architecture}.deb`);
  await mkdir(folder, { recursive: true });
  await inTree([...about, ...files], stamp, (tree) =>
    runTool('dpkg-deb', ['--root-owner-group', '-Zgzip', `-z${compression}`, '--build', tree, deb], stamp),
  );
  return deb;
}

/** The maintainer scripts in a folder, each behind the steps that they share. */
export async function readScripts(folder: string): Promise<Record<string, string>> {
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  const steps = await read('steps.sh');
  const named = ['postinst', 'prerm', 'postrm'].map(
    async (name) => [name, `${steps}\n${await read(name)}`] as const,
  );
  return Object.fromEntries(await Promise.all(named));
}
