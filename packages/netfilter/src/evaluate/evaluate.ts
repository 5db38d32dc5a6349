import { NetfilterError } from '../error.ts';
import type { RuleSet } from '../model.ts';
import type { Backend } from '../print/dialect.ts';
import type { LocalAddresses } from './conditions/header.ts';
import { Evaluation } from './evaluation.ts';
import { explore, type Stage } from './explore.ts';
import { lacks, Packet, type PacketFields } from './packet.ts';
import { type PacketPath, placesOf } from './place.ts';
import { Program } from './program.ts';
import { isTranslated, reassembled, routed } from './routing.ts';
import { Walk, walkChain } from './walk.ts';

export interface EvaluateOptions {
  /** tables that are judged; default: all */
  tables?: readonly string[];
  /**
   * the kernel's engine behind the rules; default `legacy`. They differ in packets whose TCP or UDP header is cut
   * short: nft passes them by where legacy drops them
   */
  backend?: Backend;
  /** what the machine says of its own addresses, for `addrtype`; text without prefix length */
  addresses?: LocalAddresses;
}

/** A packet's way with what the fast walk needs to know of it. */
interface Plan {
  readonly stages: readonly Stage[];
  /** fields of `lacks` that its rules test */
  readonly needed: number;
  /** some rule asks for what cannot be said at its place */
  readonly doubtful: boolean;
}

/** A rule set made ready for packets. */
export interface Evaluator {
  readonly program: Program;
  readonly plans: Readonly<Record<PacketPath, Plan>>;
  /** connection tracking is at work, which puts fragments together before any table */
  readonly tracks: boolean;
  readonly walk: Walk;
}

/**
 * Makes a rule set ready to judge packets. The set is laid out once and must not be changed afterwards. Rules that
 * the kernel would refuse (a match for TCP without `-p tcp`, a loop of chains, a jump to a chain that is not there)
 * are taken as rules that cannot be judged.
 */
export function compileRuleSet(set: RuleSet, options: EvaluateOptions = {}): Evaluator {
  const tables = set.tables.filter(({ name }) => options.tables?.includes(name) ?? true);
  const program = new Program(set.family, tables, options.addresses ?? {}, options.backend ?? 'legacy');
  const plan = (path: PacketPath): Plan => {
    const stages: Stage[] = [];
    for (const at of placesOf(path, options.backend ?? 'legacy')) {
      const base = program.find(at.table, at.chain);
      // a set need not have the chains in which passing on begins
      const routed = path !== 'output' && at.chain !== 'PREROUTING' && !stages.some((stage) => stage.routed);
      if (base) stages.push({ at, base, routed });
    }
    let needed: number = lacks.wholeness;
    let doubtful = false;
    for (const { at, base } of stages) {
      let tested = program.testedFrom(base);
      for (const side of ['in', 'out'] as const) {
        const lack = side === 'in' ? lacks.inInterface : lacks.outInterface;
        if (at[side] === 'unknown' && tested & lack) doubtful = true;
        if (at[side] !== 'packet') tested &= ~lack;
      }
      needed |= tested;
    }
    return { stages, needed, doubtful };
  };
  const plans = { input: plan('input'), forward: plan('forward'), output: plan('output') };
  const walk = new Walk(new Packet({ family: set.family }));
  return { program, plans, tracks: set.tables.some(tracksConnections), walk };
}

const tracking: readonly string[] = [
  'conntrack',
  'state',
  'connmark',
  'connbytes',
  'connlimit',
  'helper',
  'cluster',
];

/** The nat table, and any match or target that asks for connections, sets connection tracking to work. */
function tracksConnections({ name, chains }: RuleSet['tables'][number]): boolean {
  return (
    (name === 'nat' && chains.some(({ rules }) => rules.length > 0)) ||
    chains.some(({ rules }) =>
      rules.some(
        ({ matches, target }) =>
          matches.some((match) => tracking.includes(match.name)) ||
          target?.name === 'CONNMARK' ||
          (target?.name === 'CT' && 'noTrack' in target && target.noTrack === null) ||
          target?.name === 'SYNPROXY',
      ),
    )
  );
}

/**
 * Judges one packet on its way to, through or from this machine: raw, mangle, nat, filter and security of the
 * built-in chains there, in the kernel's order. `packet` is as it comes in (from `packetOf`, for many evaluations) and
 * `path` names the chains it goes through: routing is not judged, so after a DNAT the path is that of the new
 * destination. The nat table is asked for packets that are NEW; those of known connections carry their translated
 * addresses already. Throws `address.family` for a packet of the other family.
 */
export function evaluate(evaluator: Evaluator, packet: Packet | PacketFields, path: PacketPath): Evaluation {
  const { program, plans, tracks } = evaluator;
  const given = packet instanceof Packet ? packet : new Packet(packet);
  const arrived = given.family === program.family ? given : adopted(given, program.family);
  const plan = plans[path];
  if ((arrived.unknown & plan.needed) === 0 && !plan.doubtful) {
    const walked = walkStages(evaluator, plan.stages, arrived);
    if (walked) return walked;
  }
  const start = tracks ? reassembled(arrived) : arrived;
  return Evaluation.explored(program, given, explore(program, plan.stages, start));
}

function adopted(packet: Packet, family: RuleSet['family']): Packet {
  if (packet.family !== null) {
    throw new NetfilterError('address.family', {
      word: packet.facts.source ?? packet.facts.destination ?? '',
    });
  }
  return new Packet({ ...packet.facts, family });
}

/** The one way that a packet goes of which all is known that counts; null where something cannot be judged. */
function walkStages(
  { program, walk }: Evaluator,
  stages: readonly Stage[],
  packet: Packet,
): Evaluation | null {
  walk.begin(packet);
  for (let i = 0; i < stages.length; i++) {
    const stage = stages[i];
    if (!stage) break;
    if (stage.routed) {
      const arrived = routed(walk.packet, stage.at);
      if (!arrived) return Evaluation.walked('expired', walk);
      walk.packet = arrived;
    }
    if (stage.at.table === 'nat') {
      const translated = isTranslated(walk.packet, stage.at);
      if (translated === 'maybe') return null;
      if (translated === 'no') continue;
    }
    const end = walkChain(program, stage.base, stage.at, walk);
    if (end === 'doubtful') return null;
    if (end !== 'accept') return Evaluation.walked(end, walk);
  }
  return Evaluation.walked('accept', walk);
}
