import { type Installation, run, runInHost, runInNetwork } from '@moru/stack';
import { apiPaths, firewallOutputSchema, type OwnDraft } from '@moru/types';
import type { Elsewhere, HostAccess } from '../target.ts';
import type { InstallationApi } from './api.ts';

/** What a flow may ask of the world outside the browser: the hosts themselves, and the internet before them. */
export interface Outside {
  /** how hosts are looked at; the report says so */
  access: HostAccess;
  /** runs a program on a host, as somebody logged in there would */
  onHost(hostname: string, program: string, ...args: string[]): Promise<string>;
  /** loads a restore file on a host, counters included */
  restoreOnHost(hostname: string, text: string): Promise<void>;
  /** `iptables-save` of a host without comments and counters */
  rulesOf(hostname: string): Promise<string>;
  /** back to the state in which the image comes: SSHGUARD's chain and jump, nothing else, and no draft on it */
  resetHost(hostname: string): Promise<void>;
  /** fetches http://ADDRESS/ from the internet; the answer's text, or null when nothing answers within 2 s */
  fetchFromInternet(address: string): Promise<string | null>;
  /** each host that was asked for something since `forget`; with its rules, routes and addresses where that is wanted */
  evidence(whole: boolean): Promise<{ host: string; text: string }[]>;
  forget(): void;
}

/** A program may wait for what somebody does in the console, as an enrolment does; and a busy machine takes its time. */
const programMs = 60_000;

/** The three ways to a host: each runs a program there, or says why it cannot. */
type Runner = (hostname: string, program: string, args: string[], input?: string) => Promise<string>;

/** Into the namespaces of an embedded host, past everything that a flow may have locked. */
export function throughNamespaces(installation: Installation, api: InstallationApi): Outside {
  const { pids, hostPid } = installation.hosts;
  if (!pids) throw new Error('these flows need hosts in namespaces');
  const onHost: Runner = (hostname, program, args, input) => {
    const pid = hostPid(api.idOf(hostname));
    if (pid === undefined) throw new Error(`${hostname} is not running`);
    return runInHost(pid, program, args, input, programMs);
  };
  return outside('namespaces', api, onHost, (args) => runInNetwork(pids.internet, 'curl', args));
}

/** By SSH where there is a key, else by what the console shows, which no flow can act through. */
export function throughNetwork({ hosts, ssh }: Elsewhere, api: InstallationApi): Outside {
  const [program = 'ssh', ...options] = ssh;
  const bySsh: Runner = async (hostname, command, args, input) => {
    const address = (await api.instance(hostname)).networkInterfaces[0]?.privateIp;
    if (!address) throw new Error(`${hostname} has no address`);
    const line = ['sudo', '-n', command, ...args].map(quoted).join(' ');
    return run(program, [...options, address, '--', line], input, programMs);
  };
  const byConsole: Runner = async (hostname, command, args) => {
    if (command !== 'iptables-save' || args.length > 0) {
      throw new Error(`${command}: only the rules are seen through the console; set MORU_HOST_ACCESS=ssh`);
    }
    const { body } = await api.call('GET', apiPaths.firewallOutput(api.idOf(hostname), 'save'));
    return firewallOutputSchema.parse(body).text;
  };
  return outside(hosts, api, hosts === 'ssh' ? bySsh : byConsole, (args) => run('curl', args));
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** What somebody who looks for the reason of a failure asks a host first. */
const questions = [
  ['iptables-save'],
  ['ip6tables-save'],
  ['ip', 'route'],
  ['ip', '-brief', 'address'],
] as const;

function outside(
  access: HostAccess,
  api: InstallationApi,
  runner: Runner,
  curl: (args: string[]) => Promise<string>,
): Outside {
  const asked = new Set<string>();
  const on: Runner = (hostname, ...rest) => {
    asked.add(hostname);
    return runner(hostname, ...rest);
  };
  const onHost: Outside['onHost'] = (hostname, program, ...args) => on(hostname, program, args);
  return {
    access,
    onHost,
    restoreOnHost: async (hostname, text) => {
      await on(hostname, 'iptables-restore', ['-c'], text);
    },
    rulesOf: async (hostname) => plainRules(await onHost(hostname, 'iptables-save')),
    async resetHost(hostname) {
      await on(hostname, 'iptables-restore', [], imageRules);
      await onHost(hostname, 'rm', '-f', '/etc/iptables.rules');
      await emptyDraft(api, api.idOf(hostname));
    },
    fetchFromInternet: (address) => curl(['-sS', '-m', '2', `http://${address}/`]).catch(() => null),
    forget: () => asked.clear(),
    evidence: (whole) =>
      Promise.all([...asked].map(async (host) => ({ host, text: whole ? await stateOf(runner, host) : '' }))),
  };
}

async function stateOf(runner: Runner, host: string): Promise<string> {
  const answers = questions.map(async ([program, ...args]) => {
    const answer = await runner(host, program, args).catch((error: Error) => error.message);
    return `$ ${[program, ...args].join(' ')}\n${answer.trim()}\n`;
  });
  return (await Promise.all(answers)).join('\n');
}

async function emptyDraft(api: InstallationApi, instanceId: string): Promise<void> {
  const path = apiPaths.draft(instanceId);
  const { draft } = (await api.call('GET', path)).body as OwnDraft;
  if (!draft?.steps.length) return;
  const { version, revision, next } = draft;
  const { status } = await api.call('PUT', path, { version, revision, next, steps: [], off: [], base: null });
  if (status !== 200) throw new Error(`the draft was not emptied: ${status}`);
}

/** `iptables-save` text as rules alone: no remarks, no counters, no tables that hold nothing. */
export function plainRules(saved: string): string {
  return saved
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => line.replace(/ \[\d+:\d+\]$/, ''))
    .join('\n');
}

export const imageRules = [
  '*filter',
  ':INPUT ACCEPT [0:0]',
  ':FORWARD ACCEPT [0:0]',
  ':OUTPUT ACCEPT [0:0]',
  ':sshguard - [0:0]',
  '-A INPUT -j sshguard',
  'COMMIT',
  '',
].join('\n');
