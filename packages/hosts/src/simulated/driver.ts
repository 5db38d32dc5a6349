import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JoinFile } from '@moru/types';
import type { HostDriver, HostSpec } from '../driver.ts';
import { type JoinHost, markRebuilt } from '../first-boot.ts';
import { type SimulatedMachine, serveSimulatedAgents } from './agent-server.ts';
import { forgetEnrolment, simulatedEnrolment } from './enrolment.ts';
import { type SimulatedDisk, simulatedHost } from './simulated-host.ts';

export interface SimulatedDriverOptions {
  /** how a host that boots for the first time comes to be known; without it none is */
  join?: JoinHost;
  /** where all agents are reached; the TLS server name says which */
  socketPath: string;
  /** holds a file per host: what its disk keeps over a reboot */
  dataFolder: string;
}

export interface SimulatedDriver extends HostDriver {
  /** what `moru-agent enrol` on the host would do; rejects with its words */
  enrol(id: string, file: JoinFile): Promise<void>;
  close(): Promise<void>;
}

/** Hosts in memory, for machines that cannot have real ones: the console says so in a banner. */
export async function simulatedDriver(options: SimulatedDriverOptions): Promise<SimulatedDriver> {
  const running = new Map<string, SimulatedMachine & { spec: HostSpec }>();
  mkdirSync(options.dataFolder, { recursive: true });
  const diskPath = (id: string) => join(options.dataFolder, `${id}.json`);
  const enrolmentPath = (id: string) => join(options.dataFolder, `${id}.enrolment.json`);
  const base = (id: string) => join(options.dataFolder, id);

  function boot(spec: HostSpec): void {
    const disk = readDisk(diskPath(spec.id));
    const host = simulatedHost(disk, () => writeDisk(diskPath(spec.id), disk));
    const place = { path: enrolmentPath(spec.id), disk: base(spec.id), join: options.join };
    const enrolment = simulatedEnrolment(spec, place);
    running.set(spec.id, { spec, hostname: spec.hostname, bootId: randomUUID(), host, enrolment });
  }

  function powerOff(id: string): void {
    running.get(id)?.enrolment.stop();
    running.delete(id);
  }

  const server = await serveSimulatedAgents(options.socketPath, (id) => running.get(id));
  return {
    async start(spec) {
      if (!running.has(spec.id)) boot(spec);
    },
    async stop(id) {
      powerOff(id);
    },
    async reboot(id) {
      const machine = running.get(id);
      if (!machine) throw new Error('the host is off');
      powerOff(id);
      boot(machine.spec);
    },
    async rebuild(spec) {
      powerOff(spec.id);
      rmSync(diskPath(spec.id), { force: true });
      forgetEnrolment(enrolmentPath(spec.id));
      await markRebuilt(base(spec.id));
      boot(spec);
    },
    async enrol(id, file) {
      const machine = running.get(id);
      if (!machine) throw new Error('the host is off');
      await machine.enrolment.enrol(file);
    },
    // nothing is behind a simulated Public IP
    async setPublicIps() {},
    close: () =>
      new Promise((resolve) => {
        for (const id of running.keys()) powerOff(id);
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
