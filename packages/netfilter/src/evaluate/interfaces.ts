import type { Negatable } from '../model.ts';
import { isInterface } from './conditions/core.ts';
import type { Packet } from './packet.ts';

/** Names come from packets, so that only so many are kept. */
const maxNames = 1024;

/** For a packet's interfaces: 1 at the number of every pattern that the name fits. */
export interface InterfaceRows {
  readonly of: InterfacePatterns;
  readonly in: Uint8Array;
  readonly out: Uint8Array;
  /** where there is no interface */
  readonly none: Uint8Array;
}

/** The interface patterns of a rule set by number, and which of them a name fits. Number 0 is "not tested". */
export class InterfacePatterns {
  private readonly patterns: Negatable<string>[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly rows = new Map<string, Uint8Array>();

  number(pattern: Negatable<string>): number {
    const key = `${pattern.negated ? '!' : ''} ${pattern.value}`;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.patterns.push(pattern);
    this.numbers.set(key, this.patterns.length);
    return this.patterns.length;
  }

  /** Looked up once for a packet and rule set. To be asked when all patterns are known. */
  rowsOf(packet: Packet): InterfaceRows {
    const known = packet.interfaceRows;
    if (known !== null && known.of === this) return known;
    const made = {
      of: this,
      in: this.row(packet.inInterface ?? ''),
      out: this.row(packet.outInterface ?? ''),
      none: this.row(''),
    };
    packet.interfaceRows = made;
    return made;
  }

  private row(name: string): Uint8Array {
    const known = this.rows.get(name);
    if (known) return known;
    const row = new Uint8Array(this.patterns.length + 1);
    row[0] = 1;
    for (const [i, { negated, value }] of this.patterns.entries()) {
      row[i + 1] = isInterface(name, value) !== negated ? 1 : 0;
    }
    if (this.rows.size >= maxNames) this.rows.clear();
    this.rows.set(name, row);
    return row;
  }
}
