import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Family,
  familySchema,
  ProblemError,
  type Trial,
  type TrialProbes,
  type TrialView,
} from '@moru/types';
import type { AgentClient } from '../agent/client.ts';
import { requireAgent } from '../agent/target.ts';
import type { CloudProvider } from '../cloud/provider.ts';
import type { EventBus } from '../events/bus.ts';
import type { Facts } from '../operations/model.ts';
import type { Primitive, Primitives, StepContext } from '../operations/primitives.ts';
import type { probeSsh } from '../trials/ssh-probe.ts';
import type { Asked, ConsolePlace, TrialService } from '../trials/trials.ts';
import type { RolloutRecords } from './records.ts';

/** Beyond the moment at which a host puts its rules back by itself: it may be busy, and so may be the way to it. */
const graceMs = 10_000;
const pauseMs = 1_000;
/** As in a trial that somebody watches: one probe may be lost on the way. */
const mostFailures = 2;

export interface RolloutParts {
  cloud: Pick<CloudProvider, 'getInstance'>;
  agents: Pick<AgentClient, 'readFirewall'>;
  trials: Pick<TrialService, 'start' | 'find' | 'findByKey' | 'probe' | 'confirm' | 'revert'>;
  records: RolloutRecords;
  place: ConsolePlace;
  bus: Pick<EventBus, 'publish'>;
  probeSsh: typeof probeSsh;
  /** why the roll-out is to change nothing more; null while it goes on */
  stopOf(projectId: string, rolloutId: string): Promise<'asked' | 'failed' | null>;
  /** has it change nothing more, before this host's end is known */
  fail(rolloutId: string): Promise<void>;
}

interface Host {
  asked: Asked;
  family: Family;
  trialId: string;
  /** until when the host has put its rules back, whatever happens */
  deadline: number;
}

/**
 * What becomes of one host of a roll-out: its rules are tried, proven over new connections, and kept. Whatever does not
 * get as far as that is put back by the host itself.
 */
export function rolloutPrimitives(parts: RolloutParts): Primitives {
  const { cloud, agents, trials, records, place, bus } = parts;

  const askedOf = async (context: StepContext, { rulesOf: instanceId = '' }: Facts): Promise<Asked> => {
    const instance = await cloud.getInstance(context.caller, instanceId);
    const { actor, projectId, caller } = context;
    return {
      target: requireAgent(instance),
      name: instance.name,
      session: { user: actor, project: { id: projectId, name: '' } },
      requestId: caller.requestId,
    };
  };

  const tell = ({ projectId }: StepContext, instanceId = '') =>
    bus
      .publish([
        { projectId, event: { kind: 'host', id: instanceId, what: 'trial' } },
        { projectId, event: { kind: 'host', id: instanceId, what: 'firewall' } },
      ])
      .catch(() => {});

  /** What a host is told that must not be changed any more; null while it may. */
  const stopOf = async ({ projectId }: StepContext, { rolloutId = '' }: Facts) => {
    const why = await parts.stopOf(projectId, rolloutId);
    return why && new ProblemError(why === 'asked' ? 'rollout.stopped' : 'rollout.hostFailed');
  };

  const hostOf = async (context: StepContext, args: Facts): Promise<Host> => {
    const asked = await askedOf(context, args);
    const trialId = context.facts.trialId ?? '';
    const { deadlineAt } = await trials.find(asked, trialId);
    const deadline = (deadlineAt === null ? Date.now() : Date.parse(deadlineAt)) + graceMs;
    return { asked, family: familySchema.parse(args.family), trialId, deadline };
  };

  /** Waits for what the host's own record says; rejects with `outcome.unknown` where it says nothing in time. */
  const endOf = async ({ asked, trialId, deadline }: Host, signal: AbortSignal): Promise<Trial> => {
    for (;;) {
      const { trial, contact } = await trials.find(asked, trialId);
      if (contact && trial && isOver(trial)) return trial;
      if (Date.now() > deadline) throw new ProblemError('outcome.unknown');
      await sleep(pauseMs, undefined, { signal });
    }
  };

  /** What the host's record says of a trial whose start was never answered. Rejects where it has none, or is silent. */
  const foundOut = async (
    asked: Asked,
    key: string,
    until: number,
    signal: AbortSignal,
  ): Promise<TrialView> => {
    for (;;) {
      const view = await trials.findByKey(asked, key).catch((error: unknown) => {
        const code = error instanceof ProblemError ? error.problem.code : null;
        if (code === 'trial.notFound') throw new ProblemError('agent.unreachable', {}, { cause: error });
        return null;
      });
      if (view?.contact && view.trial) return view;
      if (Date.now() > until) throw new ProblemError('outcome.unknown');
      await sleep(pauseMs, undefined, { signal });
    }
  };

  /**
   * Puts the rules back, and rejects with `why` once the host says that they are. Resolves where somebody has kept them by
   * hand before that.
   */
  const giveUp = async (
    host: Host,
    reason: 'asked' | 'probe',
    why: ProblemError,
    signal: AbortSignal,
  ): Promise<Trial> => {
    // a host that cannot be reached does it by itself
    await trials.revert(host.asked, host.trialId, reason).catch(() => {});
    const trial = await endOf(host, signal);
    if (trial.state === 'confirmed') return trial;
    throw trial.reverted?.reason === reason || reason === 'probe' ? why : reverted(trial);
  };

  const tryRules: Primitive = {
    passes: true,
    async run(context, args) {
      const stop = await stopOf(context, args);
      if (stop) throw stop;
      const asked = await askedOf(context, args);
      const { wanted } = await records.rulesOf(context.operationId);
      const { revision = '', key = '', note = '', administrator = '' } = args;
      const family = familySchema.parse(args.family);
      const paths: string[] = JSON.parse(args.unknownPaths ?? '[]');
      const port = Number(args.sshPort);
      // a server that is not there before is not missed afterwards
      const isTriable = args.sshKept === 'yes' && !place.simulated;
      const ssh = isTriable && (await parts.probeSsh(asked.target.address, port)).state === 'passed';
      const waitSeconds = Number(args.waitSeconds);
      const start = trials.start(
        asked,
        {
          [family]: { revision, rules: wanted },
          acknowledged: { hostname: null, paths },
          ...{ key, note, waitSeconds, save: args.save === 'yes' },
        },
        { console: [...place.addresses], administrator: administrator === '' ? null : administrator },
        false,
      );
      const view = await start.catch(async (error: unknown) => {
        if (!(error instanceof ProblemError) || error.problem.code !== 'outcome.unknown') throw error;
        // rules that keep the answer away may be why
        await parts.fail(args.rolloutId ?? '');
        return foundOut(asked, key, Date.now() + waitSeconds * 1000 + graceMs, context.signal);
      });
      await tell(context, args.rulesOf);
      if (view.trial && isOver(view.trial)) throw reverted(view.trial);
      return factsOf(view, ssh);
    },
    async look(context, args) {
      const asked = await askedOf(context, args);
      const view = await trials.findByKey(asked, args.key ?? '').catch((error: unknown) => {
        if (error instanceof ProblemError && error.problem.code === 'trial.notFound') return null;
        throw error;
      });
      if (view === null) return null;
      if (!view.trial) throw new ProblemError('outcome.unknown');
      // sent again with its key, it is answered by the same trial, and with what confirms it
      if (!isOver(view.trial) && !view.confirmable) return null;
      return factsOf(view, args.sshKept === 'yes' && !place.simulated);
    },
    inverse: () => null,
  };

  const prove: Primitive = {
    watches: true,
    async run(context, args) {
      const { signal, facts } = context;
      const host = await hostOf(context, args);
      for (let failures = 0; ; ) {
        const stop = await stopOf(context, args);
        if (stop) {
          await giveUp(host, 'asked', stop, signal);
          return {};
        }
        const probes = await trials.probe(host.asked, host.trialId);
        const trial = probes.view.contact ? probes.view.trial : null;
        if (trial?.state === 'confirmed') return {};
        if (trial && isOver(trial)) throw reverted(trial);
        const failure = failureOf(probes, facts.ssh === 'yes') ?? (await strangeRules(host, trial));
        if (failure === null) return {};
        failures += 1;
        if (failures >= mostFailures) {
          await parts.fail(args.rolloutId ?? '');
          const why = new ProblemError('rollout.unproven', { upstream: failure });
          await giveUp(host, 'probe', why, signal);
          return {};
        }
        await sleep(pauseMs, undefined, { signal });
      }
    },
    look: async () => null,
    inverse: () => [],
  };

  /** What the host runs, asked for after the change, is what was wanted; null where it is. */
  const strangeRules = async ({ asked, family }: Host, trial: Trial | null): Promise<string | null> => {
    const { revision } = await agents.readFirewall(asked.target, family, asked.requestId);
    return revision === trial?.revisions[family]?.after ? null : `revision ${revision}`;
  };

  const keep: Primitive = {
    async run(context, args) {
      const { signal } = context;
      const host = await hostOf(context, args);
      const stop = await stopOf(context, args);
      if (stop) return keptFacts(await giveUp(host, 'asked', stop, signal));
      const trial = await trials.confirm(host.asked, host.trialId).then(
        (view) => view.trial,
        (error: unknown) => {
          if (!(error instanceof ProblemError) || error.problem.code === 'outcome.unknown') throw error;
          return endOf(host, signal);
        },
      );
      await tell(context, args.rulesOf);
      if (trial?.state !== 'confirmed') throw reverted(trial);
      return keptFacts(trial);
    },
    async look(context, args) {
      const { asked, trialId } = await hostOf(context, args);
      const { trial, contact } = await trials.find(asked, trialId);
      if (!contact) throw new ProblemError('outcome.unknown');
      return trial?.state === 'confirmed' ? keptFacts(trial) : null;
    },
    inverse: () => null,
  };

  return { try: tryRules, prove, keep };
}

const isOver = ({ state }: Trial) => state === 'confirmed' || state === 'reverted';

const factsOf = ({ trial }: TrialView, ssh: boolean): Facts => ({
  trialId: trial?.id ?? '',
  ssh: ssh ? 'yes' : 'no',
});

function keptFacts({ confirmed }: Trial): Facts {
  return {
    ...(confirmed?.generation != null && { generation: String(confirmed.generation) }),
    saved: (confirmed?.saved ?? []).join(' '),
    ...(confirmed?.trouble && { trouble: confirmed.trouble }),
  };
}

/** Why the new connections prove nothing; null where they do. */
function failureOf({ agent, ssh }: TrialProbes, isSshNeeded: boolean): string | null {
  if (agent.state !== 'passed') return `agent: ${agent.reason}`;
  return isSshNeeded && ssh.state === 'failed' ? `SSH ${ssh.address}:${ssh.port}: ${ssh.reason}` : null;
}

const reverted = (trial: Trial | null) =>
  new ProblemError('rollout.reverted', trial?.reverted ? { upstream: trial.reverted.reason } : {});
