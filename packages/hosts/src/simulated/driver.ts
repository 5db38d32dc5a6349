import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JoinFile } from '@moru/types';
import type { HostDriver, HostSpec } from '../driver.ts';
import { forgetRebuilt, type JoinHost, markRebuilt } from '../first-boot.ts';
import { type SimulatedMachine, serveSimulatedAgents } from './agent-server.ts';
import { forgetEnrolment, simulatedEnrolment } from './enrolment.ts';
import { type SimulatedDisk, type SimulatedHost, simulatedHost } from './simulated-host.ts';

export interface SimulatedDriverOptions {
  /** how a host that boots for the first time comes to be known; without it none is */
  join?: JoinHost;
  /** which of them do so; all by default */
  joins?(spec: HostSpec): boolean;
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
  const running = new Map<string, SimulatedMachine>();
  const consoles = new Map<string, string>();
  mkdirSync(options.dataFolder, { recursive: true });
  const diskPath = (id: string) => join(options.dataFolder, `${id}.json`);
  const enrolmentPath = (id: string) => join(options.dataFolder, `${id}.enrolment.json`);
  const base = (id: string) => join(options.dataFolder, id);

  function boot(spec: HostSpec): void {
    const join = options.joins?.(spec) === false ? undefined : options.join;
    const enrolment = simulatedEnrolment(spec, { path: enrolmentPath(spec.id), disk: base(spec.id), join });
    // Made when it is first asked: there may be thousands.
    let host: SimulatedHost | undefined;
    running.set(spec.id, {
      hostname: spec.hostname,
      bootId: randomUUID(),
      get host() {
        if (host === undefined) {
          const disk = readDisk(diskPath(spec.id));
          host = simulatedHost(disk, () => writeDisk(diskPath(spec.id), disk), spec.hostname);
        }
        return host;
      },
      enrolment,
    });
    consoles.set(
      spec.id,
      `${new Date().toISOString()} ${spec.hostname} simulated: up, rules are kept in memory\n`,
    );
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
    async reboot(spec) {
      powerOff(spec.id);
      boot(spec);
    },
    async rebuild(spec) {
      powerOff(spec.id);
      rmSync(diskPath(spec.id), { force: true });
      forgetEnrolment(enrolmentPath(spec.id));
      await markRebuilt(base(spec.id));
      boot(spec);
    },
    // a simulated host has no interfaces
    async plug() {},
    async remove({ id }) {
      powerOff(id);
      consoles.delete(id);
      rmSync(diskPath(id), { force: true });
      forgetEnrolment(enrolmentPath(id));
      await forgetRebuilt(base(id));
    },
    async console({ id }) {
      return consoles.get(id) ?? '';
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
