import type { Rule } from '../model.ts';
import { stride } from './flat.ts';
import { byteValues, indexBytes, kinds, unknownByte, valuesTaken } from './index-bytes.ts';
import type { Packet } from './packet.ts';

/** Shorter chains are walked rule by rule. */
export const indexThreshold = 6;

/**
 * For a chain: which of its rules can match at all, one bit each, by single bytes of addresses, ports and
 * other fields. The rows for a packet's own bytes ANDed leave few rules, which are then tested as a
 * whole; nothing is remembered from packet to packet.
 */
export class ChainIndex {
  private readonly start: number;
  private readonly tail: number;
  private readonly words: number;
  /** the bytes that some rule of the chain tests */
  private readonly tested: Int32Array;
  /** where the row of each value of each tested byte begins in `bits` */
  private readonly rows: Int32Array;
  private readonly bits: Int32Array;
  /** with up to 32 rules: the row itself instead of where it begins */
  private readonly short: Int32Array;
  /** rows of the packet at hand */
  private readonly aimed: Int32Array;
  /** which 32 rules were combined last, and which of them may match */
  private word = -1;
  private found = 0;

  constructor(tests: Int32Array, start: number, rules: readonly Rule[]) {
    this.start = start;
    this.tail = start + rules.length;
    this.words = Math.ceil(rules.length / 32);
    const builder = new RowBuilder(this.words);
    for (const { kind, taken } of choose(tests, start, rules)) builder.add(kind, taken);
    this.tested = Int32Array.from(builder.tested);
    this.rows = Int32Array.from(builder.rows);
    this.bits = builder.bits();
    this.short = this.words === 1 ? this.rows.map((row) => this.bits[row] ?? 0) : new Int32Array(0);
    this.aimed = new Int32Array(this.tested.length);
  }

  /** Finds the rows of a packet; to be called whenever the chain is entered or the packet has changed. */
  aim(packet: Packet, state: number): void {
    const { tested, rows, aimed } = this;
    packet.bytes ??= indexBytes(packet);
    const { bytes } = packet;
    if (this.words === 1) {
      this.aimShort(bytes, state);
      return;
    }
    for (let i = 0; i < tested.length; i++) {
      const kind = tested[i] ?? 0;
      aimed[i] = rows[i * rowCount + (kind === kinds.states ? state : (bytes[kind] ?? 0))] ?? 0;
    }
    this.word = -1;
  }

  /** Up to 32 rules need no rows to come back to: they are combined at once. */
  private aimShort(bytes: Int16Array, state: number): void {
    const { tested, short } = this;
    let found = -1;
    for (let i = 0; i < tested.length; i++) {
      const kind = tested[i] ?? 0;
      found &= short[i * rowCount + (kind === kinds.states ? state : (bytes[kind] ?? 0))] ?? 0;
    }
    this.word = 0;
    this.found = found;
  }

  /** The first slot from `slot` on whose rule may match; the chain's tail after the last. */
  next(slot: number): number {
    const rule = slot - this.start;
    let word = rule >> 5;
    if (word !== this.word) this.combine(word);
    let found = this.found & (-1 << (rule & 31));
    while (found === 0) {
      if (++word >= this.words) return this.tail;
      found = this.combine(word);
    }
    const candidate = this.start + (word << 5) + 31 - Math.clz32(found & -found);
    // where nothing is tested, the last word has bits behind the last rule
    return Math.min(candidate, this.tail);
  }

  /** The rows of the packet, ANDed for 32 rules. */
  private combine(word: number): number {
    const { aimed, bits } = this;
    let found = -1;
    for (let i = 0; i < aimed.length && found !== 0; i++) found &= bits[(aimed[i] ?? 0) + word] ?? 0;
    this.word = word;
    this.found = found;
    return found;
  }
}

/** The values of one byte that each rule takes; null for all of them. */
interface Dimension {
  kind: number;
  taken: readonly (readonly number[] | null)[];
  /** the share of the rules that is left for a packet such as the rules are about */
  left: number;
}

/** Rows of a byte: one for each value, and one for a byte that is not known. */
const rowCount = unknownByte + 1;

/**
 * More bytes are looked at until so few rules are left on average. In a short chain each costs as much as a rule to
 * test; in a long one little, since most words are empty after the first few.
 */
const fewEnough = { short: 1, long: 0.1 };

/** The bytes that tell most, the best first. */
function choose(tests: Int32Array, start: number, rules: readonly Rule[]): Dimension[] {
  const all: Dimension[] = [];
  for (let kind = 0; kind < kinds.count; kind++) {
    const taken = rules.map((rule, i) => valuesTaken(kind, tests, (start + i) * stride, rule));
    const left = shareLeft(taken);
    if (left < 1) all.push({ kind, taken, left });
  }
  all.sort((a, b) => a.left - b.left);
  const enough = rules.length <= 32 ? fewEnough.short : fewEnough.long;
  let expected = rules.length;
  return all.filter(({ left }) => {
    if (expected < enough) return false;
    expected *= left;
    return true;
  });
}

function shareLeft(taken: Dimension['taken']): number {
  const counts = new Array<number>(byteValues).fill(0);
  let testing = 0;
  for (const values of taken) {
    if (values === null) continue;
    testing++;
    for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  }
  if (testing === 0) return 1;
  const others = taken.length - testing;
  let sum = 0;
  for (const values of taken) {
    if (values === null || values.length === 0) continue;
    sum += values.reduce((so, value) => so + others + (counts[value] ?? 0), 0) / values.length;
  }
  return sum / testing / taken.length;
}

/** Gathers rows of bits. Values of a byte that no rule names share the row of the rules that take every value. */
class RowBuilder {
  readonly tested: number[] = [];
  readonly rows: number[] = [];
  private readonly parts: Int32Array[] = [];
  private readonly words: number;
  private length = 0;

  constructor(words: number) {
    this.words = words;
  }

  add(kind: number, taken: Dimension['taken']): void {
    const everyValue = new Int32Array(this.words);
    for (const [rule, values] of taken.entries()) if (values === null) setBit(everyValue, rule);
    const own = new Map<number, Int32Array>();
    for (const [rule, values] of taken.entries()) {
      for (const value of values ?? []) {
        let row = own.get(value);
        if (!row) {
          row = everyValue.slice();
          own.set(value, row);
        }
        setBit(row, rule);
      }
    }
    this.tested.push(kind);
    const shared = this.keep(everyValue);
    for (let value = 0; value < byteValues; value++) {
      const row = own.get(value);
      this.rows.push(row ? this.keep(row) : shared);
    }
    // a byte that is not known leaves every rule
    this.rows.push(this.keep(new Int32Array(this.words).fill(-1)));
  }

  bits(): Int32Array {
    const all = new Int32Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  private keep(row: Int32Array): number {
    const at = this.length;
    this.parts.push(row);
    this.length += row.length;
    return at;
  }
}

function setBit(row: Int32Array, rule: number): void {
  row[rule >> 5] = (row[rule >> 5] ?? 0) | (1 << (rule & 31));
}
