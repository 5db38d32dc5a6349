import type { PacketFields } from '../packet.ts';
import {
  addressMakers,
  incomingMakers,
  interfaceMakers,
  ownerMaker,
  statelessMakers,
  trackedMakers,
  unjudgedMakers,
} from './condition-makers.ts';
import type { MadeCondition } from './made-condition.ts';
import { type ChainPlan, makeTarget } from './make-target.ts';
import { Random } from './random.ts';
import { protocolMakers, tcpOnlyMakers } from './transport-makers.ts';

/**
 * The tables that a rule set has beside raw, filter and security, `nat` those of `mangle` too. A table cannot be
 * unloaded again, so that each kind has a machine of its own.
 */
export type MachineKind = 'plain' | 'mangle' | 'nat';

/** A rule set in text with what its packets are made from. */
export interface MadeSet {
  text: string;
  /** connection tracking is at work */
  tracked: boolean;
  kind: MachineKind;
  /** it holds rules that cannot be judged */
  unjudged: boolean;
  /** fields that fulfil a rule, one for each rule */
  fits: PacketFields[];
  /** fields at the edges of all conditions */
  edges: PacketFields[];
}

interface Features {
  tracked: boolean;
  unjudged: boolean;
  fragments: boolean;
}

/** Loaded before the rules under test, and part of the set that is judged. */
const traceRules: Readonly<Record<string, string>> = {
  PREROUTING: '-A PREROUTING -j TRACE',
  // what the machine answers by itself has no user
  OUTPUT: '-A OUTPUT -m owner --uid-owner 0-4294967294 -j TRACE',
};

const hooks: Readonly<Record<string, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** What kind of set a seed gives, without making it. */
export function kindOf(seed: number): MachineKind {
  return pickKind(new Random(seed));
}

function pickKind(random: Random): MachineKind {
  return random.pick(['plain', 'plain', 'plain', 'plain', 'mangle', 'mangle', 'nat']);
}

export function makeSet(random: Random): MadeSet {
  const kind = pickKind(random);
  const features: Features = {
    tracked: kind === 'nat' || random.chance(0.35),
    unjudged: random.chance(0.15),
    fragments: random.chance(0.3),
  };
  const made: MadeSet = {
    text: '',
    tracked: features.tracked,
    kind,
    unjudged: features.unjudged,
    fits: [],
    edges: [],
  };
  const tables: [name: string, rules: number][] = [
    ['raw', random.chance(0.3) ? 3 : 0],
    ['filter', random.integer(2, 12)],
    ['security', 0],
  ];
  if (kind !== 'plain') tables.push(['mangle', random.chance(0.8) ? 4 : 0]);
  if (kind === 'nat') tables.push(['nat', 3]);
  for (const [table, rules] of tables) made.text += makeTable(random, table, rules, features, made);
  // connection tracking is at work only as long as a rule asks for it
  if (features.tracked && kind !== 'nat') {
    made.text = made.text.replace(/(\*filter\n(?::.*\n)+)/, '$1-A FORWARD -m state --state NEW\n');
  }
  return made;
}

function makeTable(random: Random, table: string, rules: number, features: Features, made: MadeSet): string {
  const builtIn = hooks[table] ?? [];
  const users = rules === 0 ? [] : Array.from({ length: random.integer(0, 4) }, (_, i) => `c${i}`);
  let text = `*${table}\n`;
  for (const name of builtIn) {
    const drops = table === 'filter' ? 0.5 : table === 'nat' ? 0 : 0.05;
    text += `:${name} ${random.chance(drops) ? 'DROP' : 'ACCEPT'} [0:0]\n`;
  }
  for (const name of users) text += `:${name} - [0:0]\n`;
  if (table === 'raw') text += builtIn.map((name) => `${traceRules[name]}\n`).join('');
  const plans: ChainPlan[] = [
    ...builtIn.map((name) => ({ table, name, builtIn: true, below: users })),
    ...users.map((name, i) => ({ table, name, builtIn: false, below: users.slice(i + 1) })),
  ];
  for (const plan of plans) {
    const count = random.integer(0, rules);
    for (let i = 0; i < count; i++) text += `-A ${plan.name}${makeRule(random, plan, features, made)}\n`;
  }
  return `${text}COMMIT\n`;
}

function makeRule(random: Random, plan: ChainPlan, features: Features, made: MadeSet): string {
  const conditions: MadeCondition[] = [];
  const add = (makers: readonly ((random: Random) => MadeCondition)[], probability: number): void => {
    if (random.chance(probability)) conditions.push(random.pick(makers)(random));
  };
  add(addressMakers, 0.35);
  if (plan.name === 'PREROUTING' || plan.name === 'INPUT' || plan.name === 'FORWARD' || !plan.builtIn) {
    add([interfaceMakers.in], 0.2);
  }
  // in a nat OUTPUT the route, and with it the interface, may change
  if (plan.name === 'OUTPUT' || plan.name === 'FORWARD' || !plan.builtIn) add([interfaceMakers.out], 0.15);
  const target = makeTarget(random, plan, features.tracked);
  if (target.protocol) conditions.push({ text: target.protocol, fits: { protocol: 6 }, edges: [] });
  else add(protocolMakers, 0.7);
  const isTcp = conditions.some(({ text }) => text.includes('-p tcp') && !text.includes('! -p'));
  if (isTcp) add(tcpOnlyMakers, 0.15);
  if (features.fragments && !features.tracked && random.chance(0.1)) {
    conditions.push({
      text: random.pick(['-f', '! -f']),
      fits: { fragmentOffset: 3 },
      edges: [{ fragmentOffset: 1 }, { fragmentOffset: 185, moreFragments: true }, { moreFragments: true }],
    });
  }
  add(statelessMakers, 0.3);
  if (features.tracked) add(trackedMakers, 0.3);
  if (features.unjudged) add(unjudgedMakers, 0.1);
  if (plan.name === 'PREROUTING' || plan.name === 'INPUT') add(incomingMakers, 0.1);
  if (plan.name === 'OUTPUT') add([ownerMaker], 0.2);
  made.fits.push(Object.assign({}, ...conditions.map(({ fits }) => fits)));
  made.edges.push(...conditions.flatMap(({ edges }) => edges));
  return `${conditions.map(({ text }) => ` ${text}`).join('')}${target.text}`;
}
