import { formatIpv4, parseIpv4Network } from '../../values/address.ts';
import type { PacketFields } from '../packet.ts';
import { contiguous, type Maker, networks, not, portRange } from './made-condition.ts';
import type { Random } from './random.ts';

function address(option: string, key: 'source' | 'destination'): Maker {
  return (random) => {
    const network = random.pick(networks);
    const { bits, mask } = parseIpv4Network(network);
    const last = (bits | ~mask) >>> 0;
    const inside = (random.integer(0, 0xffffffff) & ~mask) | bits;
    const values = [bits, last, bits - 1, last + 1, inside].map((value) => ({
      [key]: formatIpv4(value >>> 0),
    }));
    return {
      text: `${not(random, 0.2)}${option} ${network}`,
      fits: { [key]: formatIpv4(inside >>> 0) },
      edges: values,
    };
  };
}

const source = address('-s', 'source');
const destination = address('-d', 'destination');

/** Of the test's interfaces eth0, eth1, lan0 and lan10. */
const inInterface: Maker = (random) => {
  const pattern = random.pick([
    'eth0',
    'eth1',
    'eth+',
    'eth0+',
    'lan0',
    'lan+',
    'lan1+',
    'lan10',
    'l+',
    '+',
    'wan0',
  ]);
  return { text: `${not(random)}-i ${pattern}`, fits: {}, edges: [] };
};

const outInterface: Maker = (random) => {
  const pattern = random.pick(['wan0', 'wan1', 'wan+', 'wan0+', 'w+', '+', 'eth0']);
  return { text: `${not(random)}-o ${pattern}`, fits: {}, edges: [] };
};

const iprange: Maker = (random) => {
  const key = random.pick(['source', 'destination'] as const);
  const from = random.pick([0x0a010200, 0x0a010203, 0xc0a80400, 0x7fffffff]);
  const to = from + random.pick([0, 1, 255, 0x10000]);
  const at = (value: number): PacketFields => ({ [key]: formatIpv4(value >>> 0) });
  return {
    text: `-m iprange ${not(random)}--${key === 'source' ? 'src' : 'dst'}-range ${formatIpv4(from)}-${formatIpv4(to >>> 0)}`,
    fits: at(from),
    edges: [at(from - 1), at(from), at(to), at(to + 1)],
  };
};

const length: Maker = (random) => {
  const from = random.pick([0, 28, 40, 60, 100, 1000]);
  const to = from + random.pick([0, 1, 20, 400]);
  return {
    text: `-m length ${not(random)}--length ${from}:${to}`,
    fits: { length: from },
    edges: [from - 1, from, to, to + 1].map((value) => ({ length: value })),
  };
};

const ttl: Maker = (random) => {
  const operator = random.pick(['eq', 'lt', 'gt']);
  const value = random.pick([1, 2, 64, 128, 255]);
  return {
    text: `-m ttl ${operator === 'eq' ? not(random) : ''}--ttl-${operator} ${value}`,
    fits: { ttl: value },
    edges: [{ ttl: value - 1 }, { ttl: value }, { ttl: Math.min(255, value + 1) }],
  };
};

const tos: Maker = (random) => {
  const value = random.pick([0, 0x10, 0x28, 0xb8, 3]);
  const edges = [{ tos: value }, { tos: value ^ 1 }, { tos: value ^ 4 }, { tos: random.integer(0, 255) }];
  const kind = random.pick(['tos', 'dscp', 'ecn']);
  if (kind === 'tos') {
    const mask = random.pick([0xff, 0x3f, 0xf0, 0]);
    return {
      text: `-m tos ${not(random)}--tos 0x${value.toString(16)}/0x${mask.toString(16)}`,
      fits: { tos: value },
      edges,
    };
  }
  if (kind === 'dscp') {
    return {
      text: `-m dscp ${not(random)}--dscp 0x${(value >> 2).toString(16)}`,
      fits: { tos: value },
      edges,
    };
  }
  return { text: `-m ecn ${not(random)}--ecn-ip-ect ${value & 3}`, fits: { tos: value }, edges };
};

const mark: Maker = (random) => {
  const value = random.pick([0, 1, 2, 0x10, 0xffffffff]);
  const mask = random.pick(['', '/0x1', '/0xf0', '/0x0']);
  return {
    text: `-m mark ${not(random)}--mark 0x${value.toString(16)}${mask}`,
    fits: { mark: value },
    edges: [],
  };
};

const packetType: Maker = (random) => {
  const type = random.pick(['unicast', 'broadcast', 'multicast'] as const);
  return {
    text: `-m pkttype ${not(random)}--pkt-type ${type}`,
    fits: { packetType: type },
    edges: [{ packetType: 'unicast' }, { packetType: 'broadcast' }],
  };
};

const addressType: Maker = (random) => {
  const types = random.pick([
    'LOCAL',
    'UNICAST',
    'MULTICAST',
    'BROADCAST',
    'UNICAST,LOCAL',
    'BROADCAST,MULTICAST',
  ]);
  return {
    text: `-m addrtype ${not(random)}--${random.pick(['src', 'dst'])}-type ${types}`,
    fits: {},
    edges: [],
  };
};

const nothing: Maker = (random) => ({
  text: random.pick([
    '-m comment --comment "a word"',
    '-m physdev ! --physdev-is-in',
    '-m physdev --physdev-is-in',
  ]),
  fits: {},
  edges: [],
});

/** Conditions beside the protocol, without connection tracking. */
export const statelessMakers: readonly Maker[] = [
  iprange,
  length,
  length,
  ttl,
  ttl,
  tos,
  tos,
  mark,
  mark,
  addressType,
  nothing,
];

export const addressMakers: readonly Maker[] = [source, source, destination];

/** Only in PREROUTING, INPUT and chains from there. */
export const incomingMakers: readonly Maker[] = [
  packetType,
  (random) => ({ text: `-m policy --dir in --pol ${random.pick(['none', 'ipsec'])}`, fits: {}, edges: [] }),
  (random) => {
    const mac = random.pick(['02:aa:00:00:00:01', '02:aa:00:00:00:02']);
    return {
      text: `-m mac ${not(random)}--mac-source ${mac}`,
      fits: { mac },
      edges: [{ mac: '02:aa:00:00:00:01' }],
    };
  },
];

/** Only in OUTPUT and POSTROUTING. */
export const ownerMaker: Maker = (random) => {
  const option = random.pick(['--uid-owner 0', '--uid-owner 1000', '--gid-owner 0-999', '--socket-exists']);
  return {
    text: `-m owner ${not(random)}${option}`,
    fits: {},
    edges: [{ owner: { user: 1000, group: 1000 } }],
  };
};

export const interfaceMakers = { in: inInterface, out: outInterface };

const statesOf = (random: Random, names: readonly string[]): string =>
  names.filter(() => random.chance(0.4)).join(',') || random.pick(names);

const trackedMatch: Maker = (random) => {
  const states = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED'];
  switch (random.integer(0, 6)) {
    case 0:
      return { text: `-m state ${not(random)}--state ${statesOf(random, states)}`, fits: {}, edges: [] };
    case 1:
    case 2:
      return {
        text: `-m conntrack ${not(random)}--ctstate ${statesOf(random, [...states, 'SNAT', 'DNAT'])}`,
        fits: {},
        edges: [],
      };
    case 3: {
      const status = statesOf(random, ['EXPECTED', 'SEEN_REPLY', 'ASSURED', 'CONFIRMED']);
      const direction = random.chance(0.5) ? ` --ctdir ${random.pick(['ORIGINAL', 'REPLY'])}` : '';
      return {
        text: `-m conntrack ${not(random)}--ctstatus ${random.pick([status, 'NONE'])}${direction}`,
        fits: {},
        edges: [],
      };
    }
    case 4: {
      const side = random.pick(['origsrc', 'origdst', 'replsrc', 'repldst']);
      const state = random.chance(0.3) ? ` --ctstate ${statesOf(random, states)}` : '';
      return {
        text: `-m conntrack${state} ${not(random)}--ct${side} ${random.pick(contiguous)}`,
        fits: {},
        edges: [],
      };
    }
    case 5: {
      const side = random.pick(['origsrc', 'origdst', 'replsrc', 'repldst']);
      const range = portRange(random, 'destinationPort');
      return {
        text: `-m conntrack --ctproto ${random.pick(['tcp', 'udp', '253'])} ${not(random)}--ct${side}port ${range.text}`,
        fits: {},
        edges: range.edges,
      };
    }
    default:
      return {
        text: `-m connmark ${not(random)}--mark ${random.pick(['0x0', '0x1', '0x2/0x3'])}`,
        fits: {},
        edges: [],
      };
  }
};

export const trackedMakers: readonly Maker[] = [trackedMatch];

/** What no packet's fields tell. */
export const unjudgedMakers: readonly Maker[] = [
  '-m limit --limit 1/sec --limit-burst 2',
  '-m statistic --mode random --probability 0.5',
  '-m statistic --mode nth --every 3 --packet 0',
  '-m hashlimit --hashlimit-upto 1/sec --hashlimit-burst 2 --hashlimit-mode srcip --hashlimit-name t',
  '-m quota --quota 3000',
  '-m u32 --u32 "0x0>>0x16&0x3c@0x0=0x16"',
  '-m recent --rcheck --name t',
].map((text) => () => ({ text, fits: {}, edges: [], unjudged: true }));
