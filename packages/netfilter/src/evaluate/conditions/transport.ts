import type { Match, Negatable } from '../../model.ts';
import { isAnyPort, type Range } from '../../values/codecs.ts';
import { both, HOT_DROP, judged, NO, negate, type Outcome, UNKNOWN, within, YES } from '../outcome.ts';
import type { Packet } from '../packet.ts';
import type { Judge } from './condition.ts';

type Of<N extends string> = Extract<Match, { name: N; modelled: true }>;

/** Fixed headers in bytes: what the kernel reads before it looks at anything. */
const header = { tcp: 20, udp: 8, icmp: 8, sctp: 12, dccp: 12, multiport: 4, ah: 12, esp: 8 };

/**
 * Whether a transport header of so many bytes can be read. Behind the first fragment there is none, and the match
 * fails; a header that is cut short drops the packet.
 */
function readable(packet: Packet, bytes: number): Outcome {
  if (packet.fragmentOffset < 0) return NO | YES | HOT_DROP;
  if (packet.fragmentOffset !== 0) return NO;
  return packet.transportBytes < bytes ? HOT_DROP : YES;
}

const portIn = (port: number, held: Negatable<Range> | null): Outcome =>
  held === null ? YES : within(port, held.value.from, held.value.to, held.negated);

interface PortTests {
  sourcePort: Negatable<Range> | null;
  destinationPort: Negatable<Range> | null;
}

const portsIn = (packet: Packet, match: PortTests): Outcome =>
  both(portIn(packet.sourcePort, match.sourcePort), portIn(packet.destinationPort, match.destinationPort));

export function tcp(match: Of<'tcp'>): Judge {
  const { flags, option } = match;
  return (packet) => {
    // a fragment that begins within the header can only be an attempt to rewrite it (xt_tcpudp.c)
    if (packet.fragmentOffset === 1 && packet.family !== 'ipv6') return HOT_DROP;
    let outcome = both(readable(packet, header.tcp), portsIn(packet, match));
    if (flags) outcome = both(outcome, flagsAre(packet, flags.value.mask, flags.value.set, flags.negated));
    if (option) outcome = both(outcome, hasOption(packet, option.value, option.negated));
    return outcome;
  };
}

function flagsAre({ tcpFlags }: Packet, mask: number, set: number, negated: boolean): Outcome {
  if (mask === 0) return judged((set === 0) !== negated);
  return tcpFlags < 0 ? UNKNOWN : judged(((tcpFlags & mask) === set) !== negated);
}

/** Bytes of options that the header speaks of, below zero where it says less than a header; null unknown. */
function optionBytes(packet: Packet): number | null {
  if (packet.facts.dataOffset !== undefined) return packet.facts.dataOffset - header.tcp;
  return packet.tcpOptions ? packet.tcpOptions.length : null;
}

/** Where an option of that kind stands: -1 nowhere. Kinds 0 and 1 are one byte, others tell their length. */
function findOption(options: Uint8Array, fits: (at: number) => boolean): number {
  for (let i = 0; i < options.length; ) {
    if (fits(i)) return i;
    i += (options[i] ?? 0) < 2 ? 1 : (options[i + 1] ?? 0) || 1;
  }
  return -1;
}

function hasOption(packet: Packet, kind: number, negated: boolean): Outcome {
  const bytes = optionBytes(packet);
  if (bytes === null) return NO | YES | HOT_DROP;
  if (bytes < 0 || packet.transportBytes < header.tcp + bytes) return HOT_DROP;
  if (bytes === 0) return judged(negated);
  const options = packet.tcpOptions;
  if (!options) return UNKNOWN;
  return judged(findOption(options.subarray(0, bytes), (at) => options[at] === kind) >= 0 !== negated);
}

/** A range of all ports is no test for nft, even turned round (reference/iptables.md section 1.2). */
const asNftTests = (held: Negatable<Range> | null): Negatable<Range> | null =>
  held !== null && isAnyPort(held.value) ? null : held;

/** No flags of none: the same, where legacy has a `!` that never matches. */
const isNoTest = (flags: Of<'tcp'>['flags']): boolean => flags?.value.mask === 0 && flags.value.set === 0;

/**
 * 1.8.9 installs `! --sport 1 ! --dport 2` as "not both", later ones as "neither": one of the two alone is then in
 * doubt.
 */
const isJoined = (held: Negatable<Range> | null): boolean =>
  held?.negated === true && held.value.from > 0 && held.value.from === held.value.to;

/**
 * Ports and flags as nft compares them by itself: each with just the bytes that it needs, and no match without them.
 * A later fragment is read as if it began with a header. Null where there is nothing to compare, which leaves the
 * rule to the old match.
 */
export function nftPorts(match: PortTests, flags: Of<'tcp'>['flags']): Judge | null {
  const given = [match.sourcePort, match.destinationPort];
  const plain = (held: Negatable<unknown> | null): boolean => held === null || !held.negated;
  const tested = [...given.map(asNftTests), isNoTest(flags) ? null : flags];
  if (tested.every((held) => held === null) && [...given, flags].every(plain)) return null;
  const [sourcePort = null, destinationPort = null] = given.map(asNftTests);
  const reads = (packet: Packet, bytes: number): Outcome => {
    if (packet.fragmentOffset !== 0) return UNKNOWN;
    return judged(packet.transportBytes >= bytes);
  };
  const joined = isJoined(sourcePort) && isJoined(destinationPort);
  const ports = (packet: Packet): Outcome => {
    const source = portIn(packet.sourcePort, sourcePort);
    const destination = portIn(packet.destinationPort, destinationPort);
    if (joined && (source & destination) === 0) return UNKNOWN;
    const outcome = sourcePort ? both(reads(packet, 2), source) : YES;
    return destinationPort ? both(outcome, both(reads(packet, 4), destination)) : outcome;
  };
  return (packet) => {
    if (flags === null || isNoTest(flags)) return ports(packet);
    const set = flagsAre(packet, flags.value.mask, flags.value.set, flags.negated);
    return both(ports(packet), both(reads(packet, 14), set));
  };
}

export function udp(match: Of<'udp'>): Judge {
  return (packet) => both(readable(packet, header.udp), portsIn(packet, match));
}

export function sctp(match: Of<'sctp'>): Judge {
  return (packet) => {
    const outcome = both(readable(packet, header.sctp), portsIn(packet, match));
    return match.chunkTypes ? both(outcome, NO | YES | HOT_DROP) : outcome;
  };
}

export function dccp(match: Of<'dccp'>): Judge {
  return (packet) => {
    const outcome = both(readable(packet, header.dccp), portsIn(packet, match));
    return match.types || match.option ? both(outcome, NO | YES | HOT_DROP) : outcome;
  };
}

export function multiport(match: Of<'multiport'>): Judge {
  const { sourcePorts, destinationPorts, eitherPorts } = match;
  const one = (port: number, ranges: readonly Range[]): Outcome =>
    port < 0 ? UNKNOWN : judged(ranges.some(({ from, to }) => port >= from && port <= to));
  return (packet) => {
    let ports: Outcome = YES;
    let negated = false;
    if (sourcePorts) {
      ports = one(packet.sourcePort, sourcePorts.value);
      negated = sourcePorts.negated;
    } else if (destinationPorts) {
      ports = one(packet.destinationPort, destinationPorts.value);
      negated = destinationPorts.negated;
    } else if (eitherPorts) {
      const source = one(packet.sourcePort, eitherPorts.value);
      const destination = one(packet.destinationPort, eitherPorts.value);
      ports = source === YES || destination === YES ? YES : source | destination;
      negated = eitherPorts.negated;
    }
    return both(readable(packet, header.multiport), negated ? negate(ports) : ports);
  };
}

/** Type 255 stands for every type in IPv4 only. */
export function icmp(match: Of<'icmp'> | Of<'icmp6'>): Judge {
  const { negated, value } = match.type;
  const any = match.name === 'icmp' && value.type === 255;
  return (packet) => {
    const type = any
      ? YES
      : both(
          within(packet.icmpType, value.type, value.type, false),
          value.code === null ? YES : within(packet.icmpCode, value.code, value.code, false),
        );
    return both(readable(packet, header.icmp), negated ? negate(type) : type);
  };
}

/** The MSS that SYN packets offer. Does not look whether it has a fragment before it. */
export function tcpmss(match: Of<'tcpmss'>): Judge {
  const { negated, value } = match.mss;
  return (packet) => {
    if (packet.fragmentOffset !== 0) return NO | YES | HOT_DROP;
    const bytes = optionBytes(packet);
    if (packet.transportBytes < header.tcp || (bytes !== null && bytes < 0)) return HOT_DROP;
    if (bytes === null) return NO | YES | HOT_DROP;
    if (packet.transportBytes < header.tcp + bytes) return HOT_DROP;
    if (bytes === 0) return judged(negated);
    const options = packet.tcpOptions?.subarray(0, bytes);
    if (!options) return UNKNOWN;
    const at = findOption(
      options,
      (i) => options[i] === 2 && options.length - i >= 4 && options[i + 1] === 4,
    );
    if (at < 0) return judged(negated);
    return within(((options[at + 2] ?? 0) << 8) | (options[at + 3] ?? 0), value.from, value.to, negated);
  };
}

export function spi(match: Of<'ah'> | Of<'esp'>): Judge {
  const held = match.spi;
  return (packet) => {
    if (match.name === 'ah' && packet.family === 'ipv6') return NO | YES | HOT_DROP;
    const value = packet.facts.spi ?? -1;
    const spis = held === null ? YES : within(value, held.value.from, held.value.to, held.negated);
    return both(readable(packet, header[match.name]), spis);
  };
}
