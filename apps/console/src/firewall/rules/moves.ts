import type { DraftAnchor } from '@moru/types';
import type { Line } from '../drafts/lines.ts';

/** Where rules would go, and the number that the first of them then has. */
export interface Move {
  ids: string[];
  at: DraftAnchor;
  /** from 1; null where none of them has a number */
  number: number | null;
}

/** The rules that stay on the host or in Moru: what is marked as deleted only shows where it was. */
export const isLive = ({ mark }: Line): boolean => mark !== 'deleted';

/**
 * The rules `ids` put before the line at `index` of the display (its length: at the end). Null when that changes
 * nothing.
 */
export function moveTo(lines: readonly Line[], ids: readonly string[], index: number): Move | null {
  const moving = new Set(ids);
  const stays = (line: Line) => isLive(line) && !moving.has(line.entry.id);
  const chosen = lines.filter((line) => isLive(line) && moving.has(line.entry.id));
  if (chosen.length === 0) return null;
  const above = lines.slice(0, index).filter(stays);
  const below = lines.slice(index).filter(stays);
  const order = [...above, ...chosen, ...below];
  const live = lines.filter(isLive);
  if (order.every((line, at) => line === live[at])) return null;
  const numbered = chosen.some(({ entry }) => !entry.off);
  return {
    ids: chosen.map(({ entry }) => entry.id),
    at: { side: 'before', id: below[0]?.entry.id ?? null, other: above.at(-1)?.entry.id ?? null },
    number: numbered ? above.filter(({ entry }) => !entry.off).length + 1 : null,
  };
}

/** One place up or down as one block, or to an end of the chain. */
export function moveBy(
  lines: readonly Line[],
  ids: readonly string[],
  by: -1 | 1 | 'first' | 'last',
): Move | null {
  if (by === 'first') return moveTo(lines, ids, 0);
  if (by === 'last') return moveTo(lines, ids, lines.length);
  const moving = new Set(ids);
  const indices = lines.flatMap((line, index) => (isLive(line) && moving.has(line.entry.id) ? [index] : []));
  const first = indices[0];
  const last = indices.at(-1);
  if (first === undefined || last === undefined) return null;
  const stays = (line: Line) => isLive(line) && !moving.has(line.entry.id);
  if (by === -1) {
    const above = lines.findLastIndex((line, index) => index < first && stays(line));
    return moveTo(lines, ids, Math.max(above, 0));
  }
  const below = lines.findIndex((line, index) => index > last && stays(line));
  return moveTo(lines, ids, below < 0 ? lines.length : below + 1);
}
