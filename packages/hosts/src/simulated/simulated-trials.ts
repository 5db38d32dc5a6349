import { createHash, randomBytes } from 'node:crypto';
import {
  canonicalText,
  chainDifferences,
  compileRuleSet,
  completeRuleSet,
  foreignOwner,
  judgePacket,
  NetfilterError,
  parseSave,
  type RuleSet,
  reachChanges,
  validateSet,
  withForeignChains,
} from '@moru/netfilter';
import {
  type AccessReport,
  type CheckAnswer,
  type CheckedFamily,
  type CheckRequest,
  type Family,
  type Judgement,
  ProblemError,
  type RevertReason,
  type Trial,
  type TrialRequest,
  type TrialStarted,
  trialFamilies,
  type WantedRules,
} from '@moru/types';

/** The rules of a simulated host, to be read and set. */
export interface SimulatedRules {
  get(family: Family): RuleSet;
  set(family: Family, set: RuleSet): void;
  save(family: Family): void;
}

type Sides = Partial<Record<Family, { before: RuleSet; after: RuleSet }>>;

const owns = (_table: string, chain: string) => foreignOwner(chain) === null;
const revisionOf = (set: RuleSet) => createHash('sha256').update(canonicalText(set)).digest('hex');
const sshPort = 22;

/**
 * Trials of a host in memory: the same answers as an agent gives, and a timer in this process in place of a guard. They
 * are lost with the process, as the host is; there are no routes, and no way to a simulated host that could be cut.
 */
export function simulatedTrials(rules: SimulatedRules, hostname: string) {
  const trials = new Map<string, Trial & { deadline: number; secret: string; sides: Sides }>();
  let timer: NodeJS.Timeout | undefined;

  const readFamily = (family: Family, wanted: WantedRules) => {
    const before = completeRuleSet(rules.get(family));
    let given: RuleSet | null = null;
    const errors: CheckedFamily['errors'] = [];
    try {
      const read = parseSave(wanted.rules, { family });
      const whole = before.tables.reduce(
        (set, { name }) => completeRuleSet(set, name),
        completeRuleSet(read),
      );
      given = withForeignChains(whole, before, owns);
      for (const { table, chain, index, field, code, params, severity } of validateSet(given)) {
        if (severity !== 'error') continue;
        const place = [table, chain, index === null ? null : index + 1, field];
        errors.push({ field: place.filter((part) => part !== null).join('.'), code, params });
      }
    } catch (error) {
      if (!(error instanceof NetfilterError)) throw error;
      errors.push({ field: 'rules', code: error.code, params: error.params, detail: error.message });
    }
    const revision = revisionOf(before);
    return {
      before,
      after: errors.length > 0 ? null : given,
      errors,
      revision,
      stale: revision !== wanted.revision,
    };
  };

  const accessOf = (sides: Sides, administrator: string | null): AccessReport => {
    const paths = administrator === null ? [] : [administratorPath(sides, rules, administrator)];
    const lost = paths.filter(({ now, draft }) => draft.state === 'lost' && now.state !== 'lost');
    const unknown = paths.filter(({ draft }) => draft.state === 'unknown');
    const places = [{ device: 'eth0', local: '10.0.0.2' }];
    return {
      hostname,
      sshPorts: [sshPort],
      paths,
      needs: { lost: lost.map(({ id }) => id), unknown: unknown.map(({ id }) => id) },
      reach: sides.ipv4
        ? reachChanges(sides.ipv4.before, sides.ipv4.after, { places }).map((each) => ({
            family: 'ipv4',
            ...each,
          }))
        : [],
      keepConsole: [],
    };
  };

  const refuseRoutes = (request: { routes?: unknown }) => {
    if (request.routes)
      throw new ProblemError('routing.refused', { detail: 'A simulated host has no routes.' });
  };

  function check(request: CheckRequest): CheckAnswer {
    refuseRoutes(request);
    const answer: CheckAnswer = { access: null };
    const sides: Sides = {};
    for (const family of trialFamilies) {
      const wanted = request[family];
      if (!wanted) continue;
      const { before, after, errors, revision, stale } = readFamily(family, wanted);
      const difference = after ? (chainDifferences(before, after) as CheckedFamily['difference']) : [];
      const test = after ? { exitCode: 0, words: '' } : null;
      answer[family] = { revision, stale, errors, warnings: [], test, difference };
      if (after && !stale) sides[family] = { before, after };
    }
    const whole = trialFamilies.every((family) => !request[family] || sides[family]);
    return whole ? { ...answer, access: accessOf(sides, request.access.administrator) } : answer;
  }

  const shown = (id: string): Trial => {
    const found = trials.get(id);
    if (!found) throw new ProblemError('trial.notFound');
    const { deadline, secret: _, sides: __, ...trial } = found;
    const open = trial.state === 'applied';
    return { ...trial, remainingMs: open ? Math.max(0, deadline - Date.now()) : null };
  };
  const openId = () => [...trials.values()].find(({ state }) => state === 'applied')?.id ?? null;
  const openOne = (id: string) => {
    const { state } = shown(id);
    const found = trials.get(id);
    if (state !== 'applied' || !found) throw new ProblemError('trial.over');
    return found;
  };

  function putBack(id: string, reason: RevertReason, author: string | null): Trial {
    const trial = openOne(id);
    for (const family of trialFamilies) {
      const sides = trial.sides[family];
      if (sides) rules.set(family, withForeignChains(sides.before, rules.get(family), owns));
    }
    clearTimeout(timer);
    trial.state = 'reverted';
    trial.reverted = { reason, by: 'agent', at: new Date().toISOString(), author, steps: [], words: '' };
    return shown(id);
  }

  const arm = (id: string) => {
    clearTimeout(timer);
    const left = (trials.get(id)?.deadline ?? 0) - Date.now();
    timer = setTimeout(() => openId() === id && putBack(id, 'expired', null), left).unref();
  };

  function start(request: TrialRequest): TrialStarted {
    refuseRoutes(request);
    const known = [...trials.values()].find(({ key }) => key === request.idempotencyKey);
    if (known) return { ...shown(known.id), secret: known.secret };
    if (openId() !== null) throw new ProblemError('trial.pending');
    const sides: Sides = {};
    const revisions: Trial['revisions'] = {};
    for (const family of trialFamilies) {
      const wanted = request[family];
      if (!wanted) continue;
      const { before, after, errors, revision, stale } = readFamily(family, wanted);
      if (stale) throw new ProblemError('revision.stale');
      if (!after) throw new ProblemError('rule.invalid', { fields: errors });
      if (revisionOf(after) === revision) continue;
      sides[family] = { before, after };
      revisions[family] = { before: revision, after: revisionOf(after) };
    }
    if (Object.keys(sides).length === 0) throw new ProblemError('trial.unchanged');
    const { needs } = accessOf(sides, request.access.administrator);
    const typed = request.acknowledged.hostname?.toLowerCase() === hostname.toLowerCase();
    if (needs.lost.length > 0 && !typed) throw new ProblemError('trial.pathLost');
    const unseen = needs.unknown.some((id) => !request.acknowledged.paths.includes(id));
    if (unseen) throw new ProblemError('trial.pathUnknown');
    for (const family of trialFamilies) if (sides[family]) rules.set(family, sides[family].after);
    const id = randomBytes(8).toString('hex');
    const { author, note, save, waitSeconds, idempotencyKey: key } = request;
    const secret = randomBytes(32).toString('base64url');
    trials.set(id, {
      ...{ id, state: 'applied', author, note, save, waitSeconds, key, revisions, sides, secret },
      ...{ startedAt: new Date().toISOString(), remainingMs: null, routes: null, sshPorts: [sshPort] },
      ...{ reverted: null, confirmed: null, trouble: null, deadline: Date.now() + waitSeconds * 1000 },
    });
    arm(id);
    return { ...shown(id), secret };
  }

  return {
    check,
    start,
    current: () => {
      const id = openId();
      return { trial: id === null ? null : shown(id) };
    },
    find: shown,
    findByKey(key: string): Trial {
      const found = [...trials.values()].find((trial) => trial.key === key);
      if (!found) throw new ProblemError('trial.notFound');
      return shown(found.id);
    },
    revert: (id: string, reason: RevertReason, author: string): Trial =>
      shown(id).state === 'reverted' ? shown(id) : putBack(id, reason, author),
    confirm(id: string, secret: string): Trial {
      const trial = openOne(id);
      if (trial.secret !== secret) throw new ProblemError('trial.secret');
      clearTimeout(timer);
      const saved = trial.save ? trialFamilies.filter((family) => trial.sides[family]) : [];
      for (const family of saved) rules.save(family);
      trial.state = 'confirmed';
      trial.confirmed = { at: new Date().toISOString(), generation: null, saved, kept: [], trouble: '' };
      return shown(id);
    },
    extend(id: string, secret: string, waitSeconds: number): Trial {
      const trial = openOne(id);
      if (trial.secret !== secret) throw new ProblemError('trial.secret');
      trial.deadline = Math.max(trial.deadline, Date.now() + waitSeconds * 1000);
      arm(id);
      return shown(id);
    },
  };
}

export type SimulatedTrials = ReturnType<typeof simulatedTrials>;

function administratorPath(sides: Sides, rules: SimulatedRules, peer: string): AccessReport['paths'][number] {
  const family: Family = peer.includes(':') ? 'ipv6' : 'ipv4';
  const running = rules.get(family);
  const judge = (set: RuleSet): Judgement => {
    const ports = { protocol: 6, sourcePort: 40_000, destinationPort: sshPort };
    const packet = { source: peer, ...ports, tcpFlags: ['SYN' as const], state: 'NEW' as const };
    const { state, deciders } = judgePacket(compileRuleSet(set), packet, 'input');
    return {
      state,
      cause: 'rules',
      rules: deciders.map((each) => ({ backend: 'legacy', ...each })) as Judgement['rules'],
    };
  };
  const now = judge(sides[family]?.before ?? running);
  const draft = judge(sides[family]?.after ?? running);
  return {
    id: `administratorSsh ${family} ${peer} ${sshPort}`,
    ...{ path: 'administratorSsh', family, peer, local: null, protocol: 'tcp', port: sshPort, control: true },
    ...{ now, draft, packets: [{ packet: 'new', direction: 'in', now, draft }] },
  };
}
