import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostSpec } from '../driver.ts';
import { layerOf } from './disk.ts';
import { agentUnit, webServerUnit } from './etc.ts';
import { wantedByMultiUser, writer } from './layer.ts';

/** What the agent is made of. */
export interface AgentCode {
  /** the Node that runs it, of this computer */
  node: string;
  /** its entry file, by its path inside the machine */
  entry: string;
  /** folders of this computer that the machine sees read-only, by their place inside */
  folders: Record<string, string>;
}

const webServer = fileURLToPath(new URL('../namespaces/web-server.ts', import.meta.url));

/**
 * Puts the agent and the seeded workload on the disk of a machine that is off, before each boot, so that they are
 * those of this checkout. Answers systemd-nspawn's arguments that let the machine see files of this computer,
 * read-only.
 */
export async function provision(disk: string, spec: HostSpec, agent: AgentCode): Promise<string[]> {
  const layer = layerOf(disk);
  const seen: Record<string, string> = { ...agent.folders, '/usr/local/bin/node': agent.node };
  await install(layer, 'moru-agent.service', agentUnit(agent.entry));
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
