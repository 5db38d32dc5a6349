import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './bundle.ts';
import type { Stamp } from './tree.ts';

interface Locked {
  version?: string;
  license?: string;
  /** a package of this repository: where it is */
  resolved?: string;
  link?: boolean;
  dependencies?: Record<string, string>;
}
type Lock = Record<string, Locked>;

interface Release {
  version: string;
  /** what is shipped, by the folder of this repository that it is made of */
  programs: Record<string, string>;
}

/** Writes `moru-VERSION.cdx.json`: what of others is in the release, as CycloneDX 1.6 has it, by the lock file. */
export async function writeSbom(
  { version, programs }: Release,
  stamp: Stamp,
  folder: string,
): Promise<string> {
  const { packages: lock } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Lock;
  };
  const used = Object.entries(programs).map(([name, place]) => ({ name, of: dependenciesOf(lock, place) }));
  const components = [...new Set(used.flatMap(({ of }) => [...of]))]
    .sort()
    .map((place) => component(lock, place));
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify([version, components]))}`,
    version: 1,
    metadata: {
      timestamp: new Date(stamp.seconds * 1_000).toISOString(),
      component: { type: 'application', 'bom-ref': 'moru', name: 'moru', version },
    },
    components: [
      ...used.map(({ name }) => ({ type: 'application', 'bom-ref': name, name, version })),
      ...new Map(components.map((each) => [each['bom-ref'], each])).values(),
    ],
    dependencies: [
      { ref: 'moru', dependsOn: used.map(({ name }) => name) },
      ...used.map(({ name, of }) => ({
        ref: name,
        dependsOn: [...new Set([...of].map((place) => component(lock, place)['bom-ref']))].sort(),
      })),
    ],
  };
  const file = join(folder, `moru-${version}.cdx.json`);
  await writeFile(file, `${JSON.stringify(document, null, 2)}\n`);
  return file;
}

/** Places in the lock file of everything of others that a workspace needs at run time, through our own packages too. */
function dependenciesOf(lock: Lock, workspace: string): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (place: string) => {
    if (seen.has(place)) return;
    seen.add(place);
    for (const name of Object.keys(lock[place]?.dependencies ?? {})) {
      const at = placeOf(lock, place, name);
      const entry = lock[at];
      if (entry?.link) visit(entry.resolved ?? '');
      else {
        found.add(at);
        visit(at);
      }
    }
  };
  visit(workspace);
  return found;
}

/** Where a package finds another: beside itself first, as Node looks. */
function placeOf(lock: Lock, from: string, name: string): string {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const place = `${at ? `${at}/` : ''}node_modules/${name}`;
    if (lock[place]) return place;
    if (!at) throw new Error(`${name}, which ${from} needs, is not in the lock file`);
    if (!at.includes('/node_modules/')) {
      if (lock[`node_modules/${name}`]) return `node_modules/${name}`;
      throw new Error(`${name}, which ${from} needs, is not in the lock file`);
    }
  }
}

function component(lock: Lock, place: string) {
  const { version = '', license } = lock[place] ?? {};
  const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const licenses = license ? [{ expression: license }] : [];
  return { type: 'library', 'bom-ref': purl, name, version, purl, licenses };
}

/** The same for the same contents, in the shape of version 8 (RFC 9562). */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
