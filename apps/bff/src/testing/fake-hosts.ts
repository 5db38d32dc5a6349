import { createHash, randomBytes } from 'node:crypto';
import {
  canonicalText,
  chainDifferences,
  completeRuleSet,
  parseSave,
  printSave,
  viewChains,
} from '@moru/netfilter';
import {
  agentPaths,
  type FirewallState,
  type Problem,
  type ProblemCode,
  problemOf,
  type RevertReason,
  type Trial,
  trialPaths,
} from '@moru/types';
import { type AgentCall, emptyState } from './fake-agent.ts';

/** A stand-in host whose rules are changed by trials as an agent does it, and which fails as it is told. */
export interface FakeHost {
  /** what runs, in save form */
  rules(): string;
  /** somebody at the machine loads other rules */
  load(rules: string): void;
  /**
   * `cutOff`: rules that a trial brings let nobody in; `reverts`: somebody there puts them back at once; `vanishes`: it
   * is gone once it has new rules; `answerLost`: as `cutOff`, and the answer to the trial is kept away too
   */
  behaviour: 'well' | 'cutOff' | 'reverts' | 'vanishes' | 'answerLost' | 'away' | 'refusesRules';
  /** how often rules were changed, there and back */
  changes: number;
  trials: Trial[];
}

const imageRules =
  '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:sshguard - [0:0]\n-A INPUT -j sshguard\nCOMMIT\n';

type Reply = { status: number; body: unknown } | 'drop';

const ok = (body: unknown): Reply => ({ status: 200, body });
const refuse = (code: ProblemCode, extras: Partial<Problem> = {}): Reply => {
  const problem = problemOf(code, extras);
  return { status: problem.status, body: problem };
};
const read = (text: string) => completeRuleSet(parseSave(text, { unreadable: 'keep' }));
const revisionOf = (text: string) =>
  createHash('sha256')
    .update(canonicalText(read(text)))
    .digest('hex');

/** Hosts by instance, made when they are first asked; `reply` goes into a FakeAgent. */
export function fakeHosts() {
  const hosts = new Map<string, ReturnType<typeof fakeHost>>();
  const at = (id: string) => {
    const known = hosts.get(id) ?? fakeHost();
    hosts.set(id, known);
    return known;
  };
  return {
    at: (id: string): FakeHost => at(id).host,
    reply: (call: AgentCall): Reply | null => at(call.host).answer(call),
  };
}

function fakeHost() {
  let running = imageRules;
  let open: { trial: Trial; deadline: number; before: string; secret: string } | null = null;
  const secrets = new Map<string, string>();
  const host: FakeHost = {
    rules: () => running,
    load(rules) {
      running = rules;
    },
    behaviour: 'well',
    changes: 0,
    trials: [],
  };

  const end = (state: 'reverted' | 'confirmed', reason: RevertReason = 'expired') => {
    if (!open) return;
    const { trial, before } = open;
    const now = new Date().toISOString();
    Object.assign(trial, { state, remainingMs: null });
    if (state === 'confirmed') {
      trial.confirmed = { at: now, generation: host.trials.length + 1, saved: [], kept: [], trouble: '' };
    } else {
      trial.reverted = { reason, by: 'guard', at: now, author: null, steps: [], words: '' };
      running = before;
      host.changes += 1;
    }
    open = null;
  };

  const start = ({ ipv4, idempotencyKey: key, author, note, save, waitSeconds }: StartBody): Reply => {
    const known = host.trials.find((each) => each.key === key);
    if (known) return ok({ ...known, secret: secrets.get(known.id) });
    if (open) return refuse('trial.pending');
    if (ipv4.revision !== revisionOf(running)) return refuse('revision.stale');
    const id = randomBytes(8).toString('hex');
    const secret = randomBytes(32).toString('base64url');
    const trial: Trial = {
      ...{ id, state: 'applied', author, note, save, waitSeconds, key, routes: null, sshPorts: [22] },
      ...{ startedAt: new Date().toISOString(), remainingMs: waitSeconds * 1000 },
      revisions: { ipv4: { before: ipv4.revision, after: revisionOf(ipv4.rules) } },
      ...{ reverted: null, confirmed: null, trouble: null },
    };
    open = { trial, deadline: Date.now() + waitSeconds * 1000, before: running, secret };
    secrets.set(id, secret);
    host.trials.push(trial);
    running = ipv4.rules;
    host.changes += 1;
    const answer = ok({ ...trial, secret });
    if (host.behaviour === 'reverts') end('reverted', 'asked');
    if (host.behaviour === 'vanishes') host.behaviour = 'away';
    if (host.behaviour === 'answerLost') return 'drop';
    return answer;
  };

  const ofTrial = (
    id: string,
    act: string | undefined,
    body: { secret?: string; reason?: RevertReason },
  ): Reply => {
    const trial = host.trials.find((each) => each.id === id || each.key === id);
    if (!trial) return refuse('trial.notFound');
    if (act === 'confirm') {
      if (open?.trial !== trial) return refuse('trial.over');
      if (body.secret !== open.secret) return refuse('trial.secret');
      end('confirmed');
    }
    if (act === 'revert' && open?.trial === trial) end('reverted', body.reason);
    return ok(open?.trial === trial ? { ...trial, remainingMs: open.deadline - Date.now() } : trial);
  };

  const check = ({ ipv4 }: Pick<StartBody, 'ipv4'>): Reply => {
    const test =
      host.behaviour === 'refusesRules'
        ? { exitCode: 2, words: 'iptables-restore: unknown option' }
        : { exitCode: 0, words: '' };
    const revision = revisionOf(running);
    const difference = chainDifferences(read(running), read(ipv4.rules));
    const checked = {
      revision,
      stale: revision !== ipv4.revision,
      errors: [],
      warnings: [],
      test,
      difference,
    };
    return ok({ ipv4: checked, access: accessOf(ipv4.rules) });
  };

  return {
    host,
    answer({ method, path, body }: AgentCall): Reply | null {
      if (open && Date.now() > open.deadline) end('reverted');
      const isCutOff = host.behaviour === 'cutOff' || host.behaviour === 'answerLost';
      if (host.behaviour === 'away' || (isCutOff && open)) return 'drop';
      if (path.startsWith(agentPaths.firewall)) return ok(stateOf(running));
      if (path === trialPaths.check) return check(body as StartBody);
      if (path === trialPaths.current) return ok({ trial: open?.trial ?? null });
      if (path === trialPaths.trials && method === 'POST') return start(body as StartBody);
      const [, id, act] = /^\/v1\/trial(?:s|-keys)\/([\w-]+)(?:\/(\w+))?$/.exec(path) ?? [];
      return id === undefined ? refuse('route.unknown') : ofTrial(id, act, (body ?? {}) as object);
    },
  };
}

interface StartBody {
  ipv4: { revision: string; rules: string };
  idempotencyKey: string;
  author: string;
  note: string;
  save: boolean;
  waitSeconds: number;
}

function stateOf(rules: string): FirewallState {
  const set = read(rules);
  const tables = set.tables.map((table) => ({ name: table.name, chains: viewChains(table) }));
  return { ...emptyState(), revision: revisionOf(rules), tables: tables as FirewallState['tables'] };
}

/** Rules that say so in a comment cut off whoever comes by SSH. */
function accessOf(rules: string) {
  const lost = printSave(read(rules)).includes('cuts off');
  const judgement = (state: 'kept' | 'lost') => ({ state, cause: 'rules', rules: [] });
  const path = {
    ...{
      id: 'administratorSsh ipv4 192.0.2.1 22',
      path: 'administratorSsh',
      family: 'ipv4',
      peer: '192.0.2.1',
    },
    ...{ local: null, protocol: 'tcp', port: 22, control: true, packets: [] },
    ...{ now: judgement('kept'), draft: judgement(lost ? 'lost' : 'kept') },
  };
  const needs = { lost: lost ? [path.id] : [], unknown: [] };
  return { hostname: 'fake', sshPorts: [22], paths: [path], needs, reach: [], keepConsole: [] };
}
