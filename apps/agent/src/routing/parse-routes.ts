import type { Family, NetworkRoute, Nexthop } from '@moru/types';
import { parseAddress, parsePrefix, printAddress, printDestination } from './address.ts';
import { pathMetrics, specify } from './specification.ts';

/** `onlink` belongs to the route; the others tell of the moment. */
const bare = ['onlink', 'linkdown', 'dead'];

interface Words {
  next(): string | undefined;
  rest(): string;
}

function wordsOf(text: string): Words {
  const words = text.trim().split(/\s+/);
  let at = 0;
  return { next: () => words[at++], rest: () => words.slice(Math.max(0, at - 1)).join(' ') };
}

const canonicalAddress = (text: string): string => {
  const address = parseAddress(text);
  return address ? printAddress(address) : text;
};

type Draft = Omit<NetworkRoute, 'specification'>;

/** Fills in what follows the destination; what is not understood goes to `unread` from there on. */
function readWords(words: Words, draft: Draft): void {
  for (let word = words.next(); word !== undefined && word !== ''; word = words.next()) {
    if (bare.includes(word)) {
      draft.flags.push(word);
      continue;
    }
    const rest = words.rest();
    const value = words.next();
    if (value === undefined || !assign(draft, word, value)) {
      draft.unread = rest;
      return;
    }
  }
}

function assign(draft: Draft, word: string, value: string): boolean {
  if (word === 'via' && parseAddress(value)?.family === draft.family) draft.gateway = canonicalAddress(value);
  else if (word === 'dev') draft.device = value;
  else if (word === 'table') draft.table = value;
  else if (word === 'proto') draft.protocol = value;
  else if (word === 'scope') draft.scope = value;
  else if (word === 'src') draft.source = canonicalAddress(value);
  else if (word === 'pref') draft.preference = value;
  else if (word === 'metric' && /^\d+$/.test(value)) draft.metric = Number(value);
  else if (word === 'expires' && /^-?\d+sec$/.test(value)) draft.expires = Number.parseInt(value, 10);
  // what a refusing route answers follows from its type
  else if (word === 'error' && draft.type !== 'unicast') return true;
  else if (pathMetrics.includes(word) && /^\d+$/.test(value)) draft.options[word] = Number(value);
  else return false;
  return true;
}

function readNexthop(text: string, draft: Draft): void {
  const hop: Nexthop = { gateway: null, device: null, weight: 1 };
  const words = wordsOf(text);
  for (let word = words.next(); word !== undefined && word !== ''; word = words.next()) {
    if (bare.includes(word)) {
      if (word === 'onlink') draft.unread = `nexthop ${text.trim()}`;
      continue;
    }
    const value = words.next() ?? '';
    if (word === 'via' && parseAddress(value)?.family === draft.family) hop.gateway = canonicalAddress(value);
    else if (word === 'dev') hop.device = value;
    else if (word === 'weight' && /^\d+$/.test(value)) hop.weight = Number(value);
    else {
      draft.unread = `nexthop ${text.trim()}`;
      break;
    }
  }
  draft.nexthops.push(hop);
}

/**
 * IPv6 keeps each way of a spread route as a route of its own, which is added and deleted alone; `ip` only shows them
 * together (ip-route(8), fib6_add_rt2node in the kernel).
 */
function spread(draft: Draft): Draft[] {
  if (draft.family === 'ipv4' || draft.nexthops.some(({ weight }) => weight !== 1)) return [draft];
  if (draft.nexthops.length === 0) return [draft];
  return draft.nexthops.map(({ gateway, device }) => ({ ...draft, gateway, device, nexthops: [] }));
}

function parseLine(line: string, family: Family): Draft[] {
  const [head = '', ...hops] = line.split(/\\\s*nexthop\s/);
  const words = wordsOf(head);
  const type = words.next() ?? '';
  const destination = words.next() ?? '';
  const prefix = parsePrefix(destination);
  const draft: Draft = {
    family,
    table: 'main',
    type,
    destination: prefix ? printDestination(prefix) : destination,
    gateway: null,
    device: null,
    source: null,
    metric: 0,
    protocol: 'boot',
    scope: 'global',
    flags: [],
    options: {},
    preference: null,
    nexthops: [],
    expires: null,
    unread: '',
  };
  readWords(words, draft);
  for (const hop of hops) readNexthop(hop, draft);
  return spread(draft);
}

/**
 * Reads `ip -o -d -4|-6 route show table all`, in the kernel's order. Text and not JSON: the iproute2 of Ubuntu 18.04
 * (4.15), the guide's own, has no JSON for routes, and the words are those that `ip route` takes back.
 */
export function parseRoutes(text: string, family: Family): NetworkRoute[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => parseLine(line, family))
    .map((draft) => ({ ...draft, specification: specify(draft) }));
}
