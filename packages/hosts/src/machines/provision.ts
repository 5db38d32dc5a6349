import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostSpec } from '../driver.ts';
import type { MachineAgent } from './agent.ts';
import { layerOf } from './disk.ts';
import { webServerUnit } from './etc.ts';
import { wantedByMultiUser, writer } from './layer.ts';

const webServer = fileURLToPath(new URL('../namespaces/web-server.ts', import.meta.url));

/**
 * Puts the seeded workload on the disk of a machine that is off, before each boot, so that it is that of this
 * checkout. Answers systemd-nspawn's arguments that let the machine see files of this computer, read-only.
 */
export async function provision(disk: string, spec: HostSpec, { node }: MachineAgent): Promise<string[]> {
  const layer = layerOf(disk);
  // of disks from before the agent came as a package: it would stand before the package's own
  await rm(join(layer, 'etc/systemd/system/moru-agent.service'), { force: true });
  const seen: Record<string, string> = { '/usr/local/bin/node': node };
  if (spec.webServer) {
    await install(layer, 'web-server.service', webServerUnit(spec.hostname));
    seen['/usr/local/lib/web-server/web-server.ts'] = webServer;
  }
  return Object.entries(seen).map(([to, from]) => `--bind-ro=${escaped(from)}:${escaped(to)}`);
}

/** Writes a unit and does what `systemctl enable` does. */
async function install(layer: string, unit: string, text: string): Promise<void> {
  await writer(layer)(`etc/systemd/system/${unit}`, text);
  const link = join(layer, wantedByMultiUser, unit);
  await rm(link, { force: true });
  await symlink(`/etc/systemd/system/${unit}`, link);
}

/** Colons in the paths of a bind are escaped (systemd-nspawn(1)). */
const escaped = (path: string) => path.replace(/[\\:]/g, '\\$&');
