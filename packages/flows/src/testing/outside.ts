import { type Installation, runInHost, runInNetwork } from '@moru/stack';
import { apiPaths, type OwnDraft } from '@moru/types';
import type { InstallationApi } from './api.ts';

/** What a flow may ask of the world outside the browser: the hosts themselves, and the internet before them. */
export interface Outside {
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
}

export function outside(installation: Installation, api: InstallationApi): Outside {
  const { idOf } = api;
  const { pids, hostPid } = installation.hosts;
  if (!pids) throw new Error('these flows need hosts in namespaces');
  const pidOf = (hostname: string) => {
    const pid = hostPid(idOf(hostname));
    if (pid === undefined) throw new Error(`${hostname} is not running`);
    return pid;
  };
  const onHost: Outside['onHost'] = (hostname, program, ...args) => runInHost(pidOf(hostname), program, args);
  return {
    onHost,
    restoreOnHost: async (hostname, text) => {
      await runInHost(pidOf(hostname), 'iptables-restore', ['-c'], text);
    },
    rulesOf: async (hostname) => plainRules(await onHost(hostname, 'iptables-save')),
    async resetHost(hostname) {
      await runInHost(pidOf(hostname), 'iptables-restore', [], imageRules);
      await onHost(hostname, 'rm', '-f', '/etc/iptables.rules');
      await emptyDraft(api, idOf(hostname));
    },
    fetchFromInternet: (address) =>
      runInNetwork(pids.internet, 'curl', ['-sS', '-m', '2', `http://${address}/`]).catch(() => null),
  };
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
