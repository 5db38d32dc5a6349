/** A block of IPv4 addresses, its ends as numbers. */
export interface Block {
  first: number;
  last: number;
  prefix: number;
}

const pattern = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** Null for what is no block: `10.0.0.1/24` is none either, since its host bits are set. */
export function parseBlock(cidr: string): Block | null {
  const match = pattern.exec(cidr);
  if (!match) return null;
  const [, ...numbers] = match.map(Number);
  const prefix = numbers.pop() ?? 0;
  if (prefix > 32 || numbers.some((byte) => byte > 255)) return null;
  const first = numbers.reduce((sum, byte) => sum * 256 + byte, 0);
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, last: first + size - 1, prefix } : null;
}

/** For a block that the store holds, which has been parsed before. */
export function blockOf(cidr: string): Block {
  const block = parseBlock(cidr);
  if (block === null) throw new Error(`${cidr} is not a block`);
  return block;
}

export function overlap(one: Block, other: Block): boolean {
  return one.first <= other.last && other.first <= one.last;
}

export function holds(outer: Block, inner: Block): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

export function addressOf(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.');
}

/** Of an address that is known to be one. */
export function numberOf(address: string): number {
  return blockOf(`${address}/32`).first;
}
