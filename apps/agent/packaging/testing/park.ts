import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostLeaf, printCredential } from '@moru/enrolment';
import { issueKeyPair, type KeyPair, makeAuthority } from '@moru/enrolment/authority';
import {
  createFabric,
  type Fabric,
  type HostSpec,
  type MachineDriver,
  machineDriver,
  packagedAgent,
} from '@moru/hosts';
import { imageForTests } from '@moru/hosts/testing/machine-image';
import { agentClientName, agentPort } from '@moru/types';
import type { CommandResult, TestBackend } from '../../src/testing/bare-host.ts';
import { type Client, createClient } from '../../src/testing/client.ts';
import { stop, untilSaid } from '../../src/testing/processes.ts';
import { type TrialClient, trialClient } from '../../src/testing/trial-client.ts';
import { until } from '../../src/testing/until.ts';

/** A whole Debian with systemd and the agent's package on it, and what a test does with one. */
export interface TestMachine {
  spec: HostSpec;
  /** process 1 of it, as seen from outside */
  readonly pid: number;
  /** where the agent keeps its state */
  folder: string;
  /** as the BFF, through the fabric */
  client: Client;
  trial: TrialClient;
  /** Runs a program as root, with all of root's rights. */
  run(program: string, args: string[], input?: string): Promise<CommandResult>;
  /** Runs a script as root and answers what it printed; rejects where it fails. */
  sh(script: string, input?: string): Promise<string>;
  /** Puts there what enrolment leaves on a host; enrolment itself is tested with a console (packages/stack). */
  enrol(): Promise<void>;
  /** Sets lines of /etc/moru/agent.conf and starts the agent anew. */
  configure(...lines: string[]): Promise<void>;
  /** Resolves when the agent answers to a new connection. */
  answers(): Promise<unknown>;
  /** one line of `systemctl show`, without its name */
  property(unit: string, name: string): Promise<string>;
  /** Puts a file of this computer on it. */
  put(path: string, content: string | Buffer): Promise<void>;
}

/** Machines of one test file, with a fabric of their own. */
export interface Park {
  driver: MachineDriver;
  boot(hostname: string, backend: TestBackend, wanted?: { interfaces?: 1 | 2 }): Promise<TestMachine>;
  close(): Promise<void>;
}

/** Long enough for whatever a machine does on a busy computer; nothing waits for it when it is idle. */
export const busyMs = 45_000;

/** The shortest wait that a trial may ask for, on machines under test. */
const settings = ['MORU_AGENT_MIN_WAIT_SECONDS=1'];

/** For `beforeAll`. Answers why there are no machines where they cannot be had; on a build server that rejects. */
export async function openPark(node?: string): Promise<Park | { missing: string }> {
  const { image, missing } = await imageForTests();
  if (missing) return { missing };
  const folder = await mkdtemp(join(tmpdir(), 'moru-park-'));
  const [fabric, packaged] = await Promise.all([createFabric(), packagedAgent()]);
  const authority = await makeAuthority();
  const agent = node ? { ...packaged, node } : packaged;
  const driver = await machineDriver({
    fabric,
    image,
    dataFolder: folder,
    logFolder: folder,
    agent,
  });
  const forwarders: ChildProcess[] = [];
  let addresses = 10;
  return {
    driver,
    async boot(hostname, backend, { interfaces = 1 } = {}) {
      addresses += 1;
      const spec = specOf(hostname, backend, addresses, interfaces);
      await driver.start(spec);
      const place = join(folder, hostname);
      await mkdir(place);
      forwarders.push(await forwarderTo(spec, fabric, place));
      const machine = await machineOf(spec, driver, place, authority);
      await machine.enrol();
      await machine.configure(...settings);
      return machine;
    },
    async close() {
      await Promise.all(forwarders.map((child) => stop(child)));
      await driver.close();
      await fabric.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function specOf(hostname: string, backend: TestBackend, last: number, interfaces: 1 | 2): HostSpec {
  const nic = (device: string, network: 'front' | 'back', prefix: string) => ({
    id: randomUUID(),
    device,
    mac: `fa:16:3e:00:${network === 'front' ? '01' : '02'}:${last.toString(16).padStart(2, '0')}`,
    address: `${prefix}.${last}`,
    prefix: 24,
    gateway: `${prefix}.1`,
    network,
  });
  const nics = [nic('eth0', 'front', '198.168.0'), nic('eth1', 'back', '10.10.0')].slice(0, interfaces);
  const admin = { adminUser: 'ubuntu', authorizedKeys: [] };
  return { id: randomUUID(), hostname, backend, webServer: false, ...admin, nics };
}

async function forwarderTo(spec: HostSpec, fabric: Fabric, folder: string): Promise<ChildProcess> {
  const script = join(import.meta.dirname, '../../src/testing/forwarder.ts');
  const address = spec.nics[0]?.address ?? '';
  const enter = ['-t', String(fabric.pids.console), '-n', '--', process.execPath];
  const child = spawn('nsenter', [...enter, script, folder, address, String(agentPort)], { stdio: 'pipe' });
  await untilSaid(child, 'ready\n');
  return child;
}

async function machineOf(
  spec: HostSpec,
  driver: MachineDriver,
  folder: string,
  authority: KeyPair,
): Promise<TestMachine> {
  const expiresAt = Date.now() + 3_600_000;
  const leaf = { commonName: agentClientName, usages: ['client'] as const, expiresAt };
  const { certificate, key } = await issueKeyPair(authority, leaf);
  await writeFile(join(folder, 'ca.pem'), authority.certificate);
  await writeFile(join(folder, 'bff.pem'), certificate);
  await writeFile(join(folder, 'bff.key'), key);
  const target = { socketPath: join(folder, `${agentPort}.sock`), serverName: spec.id };
  const client = await createClient(target, { folder, name: 'bff' });
  const leader = () => {
    const pid = driver.pid(spec.id);
    if (pid === undefined) throw new Error(`${spec.hostname} is off`);
    return pid;
  };
  const run: TestMachine['run'] = (program, args, input) => enter(leader(), [program, ...args], input);
  const base = {
    spec,
    hostname: spec.hostname,
    folder: '/var/lib/moru',
    client,
    run,
    get pid() {
      return leader();
    },
  };
  const sh = async (script: string, input?: string) => {
    const { exitCode, stdout, stderr } = await run('sh', ['-ec', script], input);
    if (exitCode !== 0) throw new Error(`exit code ${exitCode} of ${script}\n${stdout}${stderr}`);
    return stdout;
  };
  const machine: TestMachine = {
    ...base,
    get pid() {
      return leader();
    },
    trial: trialClient(base),
    sh,
    async enrol() {
      const pair = await issueKeyPair(authority, hostLeaf(spec.id, expiresAt));
      const credential = printCredential({ ...pair, authorities: [authority.certificate] });
      const receive = `umask 077; mkdir -p /var/lib/moru/tls; cat > /var/lib/moru/tls/agent.pem
chown -R --reference=/var/lib/moru /var/lib/moru/tls`;
      await sh(receive, credential);
    },
    answers: () => until(busyMs, machine.trial.reachable),
    async configure(...lines) {
      await sh('cat >> /etc/moru/agent.conf && systemctl restart moru-agent', `${lines.join('\n')}\n`);
      await machine.answers();
    },
    property: async (unit, name) => (await sh(`systemctl show -p ${name} --value ${unit}`)).trim(),
    put: (path, content) => writeFile(`/proc/${leader()}/root${path}`, content),
  };
  return machine;
}

/** In every namespace of the machine, with an environment as its own shell would have it. */
function enter(pid: number, command: string[], input = ''): Promise<CommandResult> {
  const args = ['-t', String(pid), '-a', 'env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C'];
  return new Promise((resolve, reject) => {
    const options = { timeout: busyMs, killSignal: 'SIGKILL', maxBuffer: 8 * 1024 * 1024 } as const;
    const child = execFile('nsenter', [...args, ...command], options, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr });
    });
    // one that ends before it has read everything tells that by its exit code
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
