import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Authority } from '../certificates.ts';
import type { HostDriver, HostSpec } from '../driver.ts';
import { type SimulatedMachine, serveSimulatedAgents } from './agent-server.ts';
import { type SimulatedDisk, simulatedHost } from './simulated-host.ts';

export interface SimulatedDriverOptions {
  authority: Authority;
  /** where all agents are reached; the TLS server name says which */
  socketPath: string;
  /** holds a file per host: what its disk keeps over a reboot */
  dataFolder: string;
}

/** Hosts in memory, for machines that cannot have real ones: the console says so in a banner. */
export async function simulatedDriver(
  options: SimulatedDriverOptions,
): Promise<HostDriver & { close(): Promise<void> }> {
  const running = new Map<string, SimulatedMachine & { spec: HostSpec }>();
  mkdirSync(options.dataFolder, { recursive: true });
  const diskPath = (id: string) => join(options.dataFolder, `${id}.json`);

  function boot(spec: HostSpec): void {
    const disk = readDisk(diskPath(spec.id));
    const host = simulatedHost(disk, () => writeDisk(diskPath(spec.id), disk));
    running.set(spec.id, { spec, hostname: spec.hostname, bootId: randomUUID(), host });
  }

  const server = await serveSimulatedAgents(options.socketPath, options.authority, (id) => running.get(id));
  return {
    async start(spec) {
      if (!running.has(spec.id)) boot(spec);
    },
    async stop(id) {
      running.delete(id);
    },
    async reboot(id) {
      const machine = running.get(id);
      if (!machine) throw new Error('the host is off');
      boot(machine.spec);
    },
    async rebuild(spec) {
      rmSync(diskPath(spec.id), { force: true });
      boot(spec);
    },
    // nothing is behind a simulated Public IP
    async setPublicIps() {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function readDisk(path: string): SimulatedDisk {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as SimulatedDisk;
  } catch {
    return {}; // never written, or cut short by a crash: an empty disk is a valid one
  }
}

function writeDisk(path: string, disk: SimulatedDisk): void {
  writeFileSync(`${path}.new`, JSON.stringify(disk));
  renameSync(`${path}.new`, path);
}
