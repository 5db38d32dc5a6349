import { compileRuleSet, judgePacket, meetsChain, type PacketFields, type PacketPath } from '@moru/netfilter';
import type { AccessCause, AccessPath, DecidingRule, Judgement } from '@moru/types';
import type { FamilyFilters, Filter } from './filters.ts';

type Side = 'now' | 'draft';

const worstFirst: Judgement['state'][] = ['lost', 'unknown', 'kept', 'none'];

/** The worst of several; of equals the first. */
export function worst(judgements: readonly Judgement[]): Judgement {
  const sorted = judgements.toSorted((a, b) => worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state));
  return sorted[0] ?? nothing;
}

export const nothing: Judgement = { state: 'none', cause: null, rules: [] };

export const because = (state: Judgement['state'], cause: AccessCause): Judgement => ({
  ...{ state, cause, rules: [] },
});

const rulesOf = (backend: Filter['backend'], deciders: ReturnType<typeof judgePacket>['deciders']) =>
  deciders.map((decider) => ({ backend, ...decider }) as DecidingRule);

/** Judges packets by everything that filters them; rule sets are laid out once, when they are first asked. */
export function createJudge({ filters, cause }: FamilyFilters) {
  const compiled = filters.map((filter) => {
    const now = once(() => compileRuleSet(filter.now, filter.evaluate));
    const draft =
      filter.draft === filter.now ? now : once(() => compileRuleSet(filter.draft, filter.evaluate));
    return { backend: filter.backend, now, draft };
  });
  const judge = (packet: PacketFields, path: PacketPath, side: Side): Judgement => {
    const each = compiled.map(({ backend, ...sides }): Judgement => {
      const { state, deciders } = judgePacket(sides[side](), packet, path);
      return { state, cause: 'rules', rules: rulesOf(backend, deciders) };
    });
    return worst([...each, ...(cause ? [because('unknown', cause)] : [])]);
  };
  /** Whether strangers meet SSHGUARD's chain; `none` where the host has none. */
  const strangers = (packet: PacketFields, side: Side): Judgement => {
    const [first] = filters;
    const found = first && meetsChain(first[side], 'sshguard', packet, first.evaluate);
    return found
      ? { state: found.state, cause: 'rules', rules: rulesOf(first.backend, found.deciders) }
      : nothing;
  };
  /** the set made ready as it was for the packets, or as it would be */
  const compile: typeof compileRuleSet = (set, options) => {
    const at = filters.findIndex(({ now, draft }) => set === now || set === draft);
    const side = filters[at]?.now === set ? 'now' : 'draft';
    return compiled[at]?.[side]() ?? compileRuleSet(set, options);
  };
  return { judge, strangers, compile };
}

function once<Made>(make: () => Made): () => Made {
  let made: { it: Made } | null = null;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}

export type Judge = ReturnType<typeof createJudge>;

/** A path with the worst of its packets in front. */
export function pathOf(
  facts: Omit<AccessPath, 'id' | 'now' | 'draft' | 'packets'>,
  packets: AccessPath['packets'],
): AccessPath {
  const { path, family, peer, port } = facts;
  return {
    id: [path, family, peer ?? '-', port ?? '-'].join(' '),
    ...facts,
    now: worst(packets.map(({ now }) => now)),
    draft: worst(packets.map(({ draft }) => draft)),
    packets,
  };
}
