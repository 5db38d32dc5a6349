import { NetfilterError } from '../error.ts';
import type { Family } from '../model.ts';
import type { Locate } from '../read/read-command.ts';
import type { Word } from '../read/words.ts';
import { normalizeAddress, normalizeHost } from '../values/address.ts';
import { checkInterface } from '../values/interface-name.ts';
import { parseUnsigned } from '../values/number.ts';

/** What `route` or `ip route` is asked to do. */
export type RouteCommand = { kind: 'showRoutes'; family: Family; numeric: boolean } | RouteChange;

export interface RouteChange {
  kind: 'addRoute' | 'appendRoute' | 'replaceRoute' | 'deleteRoute';
  family: Family;
  /** canonical with prefix length; `0.0.0.0/0` or `::/0` is the default route */
  destination: string;
  gateway: string | null;
  device: string | null;
  /** null: not said. The lower wins; net-tools and `ip route` make 0 of a missing one */
  metric: number | null;
  /** `src`: the address that the host speaks with */
  source: string | null;
}

/** Whether words begin with a program that this file reads. */
export function isRouteProgram(name: string): boolean {
  return name === 'route' || name === 'ip' || name === 'netstat';
}

/**
 * Reads the net-tools forms `route [-n]`, `route add|del [-net|-host] TARGET [netmask MASK] [gw ADDRESS] [metric N]
 * [[dev] INTERFACE]`, `netstat -rn`, and `ip [-4|-6] route [show|add|append|replace|del] PREFIX [via ADDRESS] [dev
 * INTERFACE] [metric N] [src ADDRESS]`. The interface may stand without `dev` (reference/guide-traps.md). Words begin
 * with the program. Anything else throws `route.command`; values throw as in rules.
 */
export function readRouteCommand(words: readonly Word[], locate: Locate): RouteCommand {
  const reader = new RouteReader(words, locate);
  const program = words[0]?.text;
  if (program === 'route') return reader.netTools();
  return program === 'ip' ? reader.ip() : reader.netstat();
}

const everywhere = (family: Family) => (family === 'ipv6' ? '::/0' : '0.0.0.0/0');

class RouteReader {
  private index = 1;
  private family: Family = 'ipv4';
  private readonly words: readonly Word[];
  private readonly locate: Locate;

  constructor(words: readonly Word[], locate: Locate) {
    this.words = words;
    this.locate = locate;
  }

  private get word(): Word | null {
    return this.words[this.index] ?? null;
  }

  private error(expected: string, word = this.word): NetfilterError {
    return this.locate(new NetfilterError(word ? 'route.command' : 'word.missing', { expected }), word);
  }

  private next(expected: string): Word {
    const { word } = this;
    if (!word) throw this.error(expected);
    this.index++;
    return word;
  }

  /** A value, its error at its own word. */
  private value<T>(word: Word, field: string, read: (text: string) => T): T {
    try {
      return read(word.text);
    } catch (error) {
      throw error instanceof NetfilterError ? this.locate(error.locate({ field }), word) : error;
    }
  }

  private address(expected: string): string {
    const word = this.next(expected);
    return this.value(word, 'gateway', (text) => normalizeHost(text, this.family));
  }

  private device(word: Word): string {
    return this.value(word, 'interface', (text) => {
      checkInterface(text);
      if (!/^[A-Za-z0-9_.:@-]+$/.test(text) || text.startsWith('-')) {
        throw new NetfilterError('interface.characters', { expected: 'interface' });
      }
      return text;
    });
  }

  private metric(): number {
    const word = this.next('metric');
    return this.value(word, 'metric', (text) => {
      const value = parseUnsigned(text, 0xffffffff);
      if (value < 0)
        throw new NetfilterError('number.invalid', { params: { max: 0xffffffff }, expected: 'number' });
      return value;
    });
  }

  private blank(kind: RouteChange['kind'], destination: string): RouteChange {
    return {
      kind,
      family: this.family,
      destination,
      gateway: null,
      device: null,
      metric: null,
      source: null,
    };
  }

  /** Options before what is to be done; `-n` is the only one that changes an answer. */
  private options(known: string): { numeric: boolean } {
    let numeric = false;
    for (let text = this.word?.text; text?.startsWith('-'); text = this.word?.text) {
      if (text === '-4' || text === '--inet') this.family = 'ipv4';
      else if (text === '-6' || text === '--inet6') this.family = 'ipv6';
      else if (text === '-A' || text === '-f' || text === '-family') {
        this.index++;
        this.family = this.next('inet | inet6').text === 'inet6' ? 'ipv6' : 'ipv4';
        continue;
      } else if (
        text === '--numeric' ||
        (/^-[a-z]+$/i.test(text) && [...text.slice(1)].every((c) => known.includes(c)))
      ) {
        numeric ||= text.includes('n');
      } else throw this.error('-n | add | del');
      this.index++;
    }
    return { numeric };
  }

  netstat(): RouteCommand {
    const routes = this.words.slice(1).some(({ text }) => /^-[a-z]*r/.test(text));
    if (!routes) throw this.error('-rn');
    const { numeric } = this.options('rnev');
    if (this.word) throw this.error('no more words');
    return { kind: 'showRoutes', family: this.family, numeric };
  }

  netTools(): RouteCommand {
    const { numeric } = this.options('nveFC');
    if (!this.word) return { kind: 'showRoutes', family: this.family, numeric };
    const verb = this.next('add | del').text;
    if (verb !== 'add' && verb !== 'del') throw this.error('add | del', this.words[this.index - 1] ?? null);
    const form = this.word?.text;
    if (form === '-net' || form === '-host') this.index++;
    const target = this.next('default | address');
    const mask = this.mask();
    const change = this.blank(
      verb === 'add' ? 'addRoute' : 'deleteRoute',
      this.target(target, form === '-host', mask),
    );
    while (this.word) {
      const word = this.next('gw | metric | dev');
      if (word.text === 'gw' || word.text === 'gateway') change.gateway = this.address('gateway');
      else if (word.text === 'metric') change.metric = this.metric();
      else if (word.text === 'netmask') this.next('mask');
      else {
        const bare = word.text !== 'dev';
        if (bare && this.word) throw this.error('gw | metric | dev', word);
        change.device = this.device(bare ? word : this.next('interface'));
      }
    }
    return change;
  }

  /** The value of `netmask`, which may stand anywhere behind the target. */
  private mask(): Word | null {
    const at = this.words.findIndex(({ text }) => text === 'netmask');
    if (at < 0) return null;
    const word = this.words[at + 1];
    if (!word) throw this.error('mask', null);
    return word;
  }

  private target(word: Word, host: boolean, mask: Word | null): string {
    if (word.text === 'default') return everywhere(this.family);
    return this.value(word, 'destination', (text) => {
      if (mask) return normalizeAddress(`${text}/${mask.text}`, this.family);
      // net-tools reads a bare 0.0.0.0 as the default route
      if (!host && (text === '0.0.0.0' || text === '::')) return everywhere(this.family);
      return normalizeAddress(text, this.family);
    });
  }

  ip(): RouteCommand {
    this.options('dsoN');
    const object = this.next('route').text;
    if (!/^r(o(u(t(e)?)?)?)?$/.test(object)) throw this.error('route', this.words[this.index - 1] ?? null);
    const verb = this.word?.text ?? 'show';
    if (['show', 'list', 'ls', 's', 'sh', 'l'].includes(verb)) {
      this.index++;
      if (this.word && this.word.text !== 'default') throw this.error('no more words');
      return { kind: 'showRoutes', family: this.family, numeric: true };
    }
    this.index++;
    const kind = verbs.get(verb);
    if (!kind) throw this.error('show | add | append | replace | del', this.words[this.index - 1] ?? null);
    const change = this.blank(kind, this.target(this.next('default | prefix'), false, null));
    while (this.word) this.ipOption(change);
    return change;
  }

  private ipOption(change: RouteChange): void {
    const word = this.next('via | dev | metric | src');
    switch (word.text) {
      case 'via':
        change.gateway = this.address('gateway');
        return;
      case 'dev':
      case 'oif':
        change.device = this.device(this.next('interface'));
        return;
      case 'metric':
      case 'preference':
        change.metric = this.metric();
        return;
      case 'src':
        change.source = this.address('address');
        return;
      // who made the route, and how far it reaches: nothing that a route is found by here
      case 'proto':
      case 'scope':
        this.next('name');
        return;
      case 'onlink':
        return;
      default:
        throw this.error('via | dev | metric | src', word);
    }
  }
}

const verbs: ReadonlyMap<string, RouteChange['kind']> = new Map([
  ['add', 'addRoute'],
  ['a', 'addRoute'],
  ['append', 'appendRoute'],
  ['replace', 'replaceRoute'],
  ['change', 'replaceRoute'],
  ['del', 'deleteRoute'],
  ['delete', 'deleteRoute'],
  ['d', 'deleteRoute'],
]);
