import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Programs that make and boot machines, and what they need to run from where they are. */
export interface MachineTools {
  nspawn: string;
  debootstrap: string;
  /** folder of debootstrap's scripts; empty where the program knows it */
  debootstrapScripts: string;
  /** for LD_LIBRARY_PATH; empty where the machine's own do */
  libraries: string;
}

const unpacked = fileURLToPath(new URL('../../../../.moru/packages/systemd-container', import.meta.url));

/**
 * The machine's own programs, else those that `npm start -- --hosts machines` and `npm test` unpacked without
 * installing them (tools/lib/debian.js): systemd-container would bring units into the machine. Throws where neither
 * are there.
 */
export function machineTools(): MachineTools {
  const own = { nspawn: '/usr/bin/systemd-nspawn', debootstrap: '/usr/sbin/debootstrap' };
  if (Object.values(own).every(existsSync)) return { ...own, debootstrapScripts: '', libraries: '' };
  const nspawn = join(unpacked, 'usr/bin/systemd-nspawn');
  const debootstrap = join(unpacked, 'usr/sbin/debootstrap');
  if (!existsSync(nspawn) || !existsSync(debootstrap)) {
    throw new Error(
      'systemd-nspawn and debootstrap are not there; npm start -- --hosts machines unpacks them, as root',
    );
  }
  const libraryRoot = join(unpacked, 'usr/lib');
  const libraries = readdirSync(libraryRoot)
    .filter((name) => name.endsWith('-linux-gnu'))
    .flatMap((name) => [join(libraryRoot, name, 'systemd'), join(libraryRoot, name)])
    .join(':');
  return {
    nspawn,
    debootstrap,
    debootstrapScripts: join(unpacked, 'usr/share/debootstrap'),
    libraries,
  };
}
