import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { consoleLog } from '../console-log.ts';
import { addedNics, type HostDriver, type HostSpec } from '../driver.ts';
import { firstBoot, forgetRebuilt, type JoinHost, markRebuilt } from '../first-boot.ts';
import { isEnrolled } from '../namespaces/disk.ts';
import type { Fabric } from '../namespaces/fabric.ts';
import { run } from '../namespaces/run.ts';
import { serialised } from '../serialised.ts';
import { installAgent, type MachineAgent } from './agent.ts';
import { machineGroup } from './cgroups.ts';
import { layerOf, prepareDisk } from './disk.ts';
import type { InterfaceTool } from './interfaces.ts';
import { bootMachine, type Machine } from './machine.ts';
import { provision } from './provision.ts';
import { machineTools } from './tools.ts';

export interface MachineDriverOptions {
  fabric: Fabric;
  /** how a machine that boots for the first time comes to be known; without it none is */
  join?: JoinHost;
  /** the tree that every machine starts from (`machineImage`) */
  image: string;
  /** holds a folder per machine: its disk */
  dataFolder: string;
  /** gets a file HOSTNAME.console.log per machine: boot messages and the journal */
  logFolder: string;
  agent: MachineAgent;
  /** what configures the interfaces of a fresh disk: netplan when left out */
  interfaces?: InterfaceTool;
  /** told about each boot, for the installation's record of its processes */
  started?(hostname: string, pid: number | undefined): void;
}

export interface MachineDriver extends HostDriver {
  /** process 1 of a machine, for `nsenter -t`; undefined while it is off */
  pid(id: string): number | undefined;
  /** `running`, or `degraded` when a unit failed at the last boot; undefined while it is off */
  state(id: string): string | undefined;
  /** an orderly reboot, as `systemctl reboot` does it */
  restart(id: string): Promise<void>;
  /** power loss: what was in memory is gone, and the machine stays off */
  cutPower(id: string): Promise<void>;
  close(): Promise<void>;
}

interface RunningMachine {
  spec: HostSpec;
  machine: Machine;
  /** each pulls the cables that were plugged in together */
  unplugs: (() => Promise<void>)[];
}

/**
 * A whole Debian with systemd behind each instance, plugged into the fabric. What the machine does by itself is
 * followed: it boots again after `systemctl reboot`, and is off after `systemctl poweroff`.
 */
export async function machineDriver(options: MachineDriverOptions): Promise<MachineDriver> {
  const tools = machineTools();
  // a library that is missing is told here, and not by every boot
  await run('env', [`LD_LIBRARY_PATH=${tools.libraries}`, tools.nspawn, '--version']);
  const group = await machineGroup();
  const running = new Map<string, RunningMachine>();
  const inOrder = serialised();
  const disk = (id: string) => join(options.dataFolder, id);
  const consoleOf = (hostname: string) => join(options.logFolder, `${hostname}.console.log`);
  let closing = false;

  async function boot(spec: HostSpec): Promise<void> {
    if (running.has(spec.id)) return;
    await prepareDisk(disk(spec.id), spec, options.image, options.interfaces ?? 'netplan');
    const binds = await provision(disk(spec.id), spec, options.agent);
    const unplugs: (() => Promise<void>)[] = [];
    try {
      const machine = await bootMachine({
        id: spec.id,
        hostname: spec.hostname,
        group: `${group.name}/${spec.id}`,
        image: options.image,
        disk: disk(spec.id),
        tools,
        devices: spec.nics.map((nic) => nic.device),
        arguments: binds,
        console: consoleOf(spec.hostname),
        plug: async (pid) => {
          // networkd begins with the last one: eth0's default gateway is then the first, as in the guide
          unplugs.push(await options.fabric.plug(pid, spec.nics.toReversed(), 'itself'));
        },
        started: (pid) => options.started?.(spec.hostname, pid),
      });
      const entry = { spec, machine, unplugs };
      running.set(spec.id, entry);
      void machine.ended.then((how) => follow(entry, how));
      await installAgent(machine.leader, disk(spec.id), options.agent).catch(async (error: unknown) => {
        running.delete(spec.id);
        await machine.cutPower();
        throw error;
      });
      void firstBoot({
        spec,
        disk: disk(spec.id),
        join: options.join,
        isEnrolled: () => isEnrolled(join(layerOf(disk(spec.id)), 'var/lib')),
        pid: () => (running.get(spec.id) === entry ? machine.leader : undefined),
      });
    } catch (error) {
      await unplug({ unplugs });
      throw error;
    }
  }

  async function unplug({ unplugs }: Pick<RunningMachine, 'unplugs'>): Promise<void> {
    for (const pull of unplugs) await pull();
  }

  /** What a machine did by itself; what we did to it took it out of `running` before. */
  async function follow(entry: RunningMachine, how: 'off' | 'reboot'): Promise<void> {
    const { id } = entry.spec;
    if (running.get(id) !== entry) return;
    running.delete(id);
    const again = async () => {
      await unplug(entry);
      if (how === 'reboot' && !closing) await boot(entry.spec);
    };
    // one that does not come up stays off, as a server does; whoever starts it next is told why
    await inOrder(id, again).catch(() => {});
  }

  async function powerOff(
    id: string,
    how: (machine: Machine) => Promise<void>,
  ): Promise<HostSpec | undefined> {
    const entry = running.get(id);
    if (!entry) return undefined;
    running.delete(id);
    await how(entry.machine);
    await unplug(entry);
    return entry.spec;
  }

  const shutdown = (machine: Machine) => machine.shutdown('poweroff');
  const cutPower = (machine: Machine) => machine.cutPower();

  return {
    start: (spec) => inOrder(spec.id, () => boot(spec)),
    stop: (id) => inOrder(id, async () => void (await powerOff(id, shutdown))),
    reboot: (spec) =>
      inOrder(spec.id, async () => {
        await powerOff(spec.id, cutPower);
        await boot(spec);
      }),
    restart: (id) =>
      inOrder(id, async () => {
        const spec = await powerOff(id, (machine) => machine.shutdown('reboot'));
        if (!spec) throw new Error('the host is off');
        await boot(spec);
      }),
    cutPower: (id) => inOrder(id, async () => void (await powerOff(id, cutPower))),
    rebuild: (spec) =>
      inOrder(spec.id, async () => {
        await powerOff(spec.id, cutPower);
        await rm(disk(spec.id), { recursive: true, force: true });
        await markRebuilt(disk(spec.id));
        await boot(spec);
      }),
    plug: (spec) =>
      inOrder(spec.id, async () => {
        const entry = running.get(spec.id);
        if (!entry) return;
        const added = addedNics(entry.spec, spec);
        // configured from outside until the next boot, when the disk says how
        if (added.length > 0) entry.unplugs.push(await options.fabric.plug(entry.machine.leader, added));
        entry.spec = spec;
      }),
    remove: ({ id, hostname }) =>
      inOrder(id, async () => {
        await powerOff(id, cutPower);
        await rm(disk(id), { recursive: true, force: true });
        await forgetRebuilt(disk(id));
        await rm(consoleOf(hostname), { force: true });
      }),
    console: ({ hostname }) => consoleLog(consoleOf(hostname)),
    setPublicIps: (mappings) => inOrder('fabric', () => options.fabric.setPublicIps(mappings)),
    pid: (id) => running.get(id)?.machine.leader,
    state: (id) => running.get(id)?.machine.state,
    async close() {
      closing = true;
      await Promise.all([...running.keys()].map((id) => inOrder(id, () => powerOff(id, shutdown))));
      await group.close();
    },
  };
}
