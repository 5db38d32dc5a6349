import {
  type Backend,
  type ConnectionState,
  compileRuleSet,
  evaluate,
  type Family,
  type NetfilterCode,
  NetfilterError,
  type PacketFields,
  type PacketPath,
  type PathStep,
  packetOf,
  parseSave,
  printRule,
  type Way,
} from '@moru/netfilter';

/** A packet as somebody describes it; what is left empty is not known. */
export interface DescribedPacket {
  path: PacketPath;
  source: string;
  destination: string;
  protocol: 'tcp' | 'udp' | 'icmp' | 'unknown';
  sourcePort: string;
  destinationPort: string;
  inInterface: string;
  outInterface: string;
  state: ConnectionState | 'unknown';
}

export interface PacketQuestion {
  /** rules in save form */
  text: string;
  family: Family;
  backend: Backend;
  packet: DescribedPacket;
}

export interface JudgedStep extends Pick<PathStep, 'table' | 'chain' | 'number' | 'kind' | 'then'> {
  /** in save form without `-A CHAIN`; empty at the end of a chain */
  text: string;
}

export interface JudgedWay extends Pick<Way, 'verdict' | 'rejectWith' | 'mishap'> {
  steps: JudgedStep[];
}

export type PacketAnswer =
  | { errors: Partial<Record<keyof DescribedPacket, NetfilterCode>>; ways: null }
  | {
      errors: null;
      verdict: Way['verdict'] | 'unknown';
      /** every possible end once; one where everything can be judged */
      ways: JudgedWay[];
      /** the rules on which it turns and that cannot be judged, with what of them */
      doubts: { table: string; chain: string; number: number; text: string; conditions: string[] }[];
      complete: boolean;
    };

const protocols = { tcp: 6, udp: 17, icmp: 1 } as const;

/** What becomes of a packet under these rules, with its way through them. Never throws for what was described. */
export function judge({ text, family, backend, packet }: PacketQuestion): PacketAnswer {
  const { fields, errors } = fieldsOf(packet, family);
  if (Object.keys(errors).length > 0) return { errors, ways: null };
  const evaluator = compileRuleSet(parseSave(text, { family, unreadable: 'keep' }), { backend });
  const { verdict, ways, doubts, complete } = evaluate(evaluator, fields, packet.path);
  return {
    ...{ errors: null, verdict, complete },
    ways: ways.map(({ path, verdict: end, rejectWith, mishap }) => ({
      ...{ verdict: end, rejectWith, mishap },
      steps: path.map(({ rule, table, chain, number, kind, then }) => ({
        ...{ table, chain, number, kind, then },
        text: rule ? printRule(rule) : '',
      })),
    })),
    doubts: doubts.map(({ rule, table, chain, number, conditions }) => ({
      ...{ table, chain, number, conditions },
      text: rule ? printRule(rule) : '',
    })),
  };
}

function fieldsOf(packet: DescribedPacket, family: Family) {
  const fields: PacketFields = { family };
  const errors: Partial<Record<keyof DescribedPacket, NetfilterCode>> = {};
  for (const name of ['source', 'destination'] as const) {
    const value = packet[name].trim();
    if (value === '') continue;
    try {
      packetOf({ family, [name]: value });
      fields[name] = value;
    } catch (error) {
      if (!(error instanceof NetfilterError)) throw error;
      errors[name] = error.code;
    }
  }
  const { protocol, state, path } = packet;
  if (protocol !== 'unknown')
    fields.protocol = protocol === 'icmp' && family === 'ipv6' ? 58 : protocols[protocol];
  if (protocol === 'tcp' || protocol === 'udp') {
    for (const name of ['sourcePort', 'destinationPort'] as const) {
      const value = packet[name].trim();
      if (value === '') continue;
      if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) fields[name] = Number(value);
      else errors[name] = 'port.invalid';
    }
  }
  const sides = { inInterface: path !== 'output', outInterface: path !== 'input' };
  for (const name of ['inInterface', 'outInterface'] as const) {
    const value = packet[name].trim();
    if (value === '' || !sides[name]) continue;
    if (value.length > 15) errors[name] = 'interface.length';
    else fields[name] = value;
  }
  if (state !== 'unknown') fields.state = state;
  // what opens a connection of TCP has this flag alone
  if (protocol === 'tcp' && state === 'NEW') fields.tcpFlags = ['SYN'];
  return { fields, errors };
}
