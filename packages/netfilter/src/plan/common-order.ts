/**
 * Above this many pairs of equal things of one kind (32 copies on both sides) copies are paired first to first,
 * second to second. Exact pairing costs time and memory with the product of the copies.
 */
const maxPairsOfKind = 1024;

/**
 * The longest common subsequence of two sequences of small numbers (0 to `kinds` - 1), as pairs of indices in
 * ascending order: pairs of one kind that stand in the same order on both sides. Exact but for kinds with more than
 * 1,024 pairs, for which it may be shorter.
 *
 * Hunt and Szymanski, "A fast algorithm for computing longest common subsequences", CACM 20 (1977): for each left
 * thing, its partners from the right are put by bisection into `ends`, where `ends[k]` is the least right index at
 * which a common subsequence of k + 1 pairs can end. Time grows with the number of pairs times its logarithm, so
 * all different or shuffled sequences cost n log n.
 */
export function longestCommonOrder(
  left: Int32Array,
  right: Int32Array,
  kinds: number,
): [left: number, right: number][] {
  const { first, next, pairs, byTurns } = partners(left, right, kinds);
  const ends: number[] = [];
  /** for each length the pair that ends it, as an index into the three arrays of pairs */
  const lasts: number[] = [];
  const pairLeft = new Int32Array(pairs);
  const pairRight = new Int32Array(pairs);
  const pairBefore = new Int32Array(pairs);
  let used = 0;
  for (let i = 0; i < left.length; i++) {
    const kind = left[i] ?? 0;
    let j = first[kind] ?? -1;
    if (byTurns[kind] && j >= 0) first[kind] = next[j] ?? -1;
    while (j >= 0) {
      const length = lowerBound(ends, j);
      if (ends[length] !== j) {
        pairLeft[used] = i;
        pairRight[used] = j;
        pairBefore[used] = length === 0 ? -1 : (lasts[length - 1] ?? -1);
        ends[length] = j;
        lasts[length] = used++;
      }
      j = byTurns[kind] ? -1 : (next[j] ?? -1);
    }
  }
  const found: [number, number][] = [];
  for (let pair = lasts.at(-1) ?? -1; pair >= 0; pair = pairBefore[pair] ?? -1) {
    found.push([pairLeft[pair] ?? 0, pairRight[pair] ?? 0]);
  }
  return found.reverse();
}

interface Partners {
  /** by kind: the right index to begin with, -1 for none */
  first: Int32Array;
  /** by right index: the next of that kind, descending, or ascending for kinds that are paired by turns */
  next: Int32Array;
  byTurns: Uint8Array;
  /** how many pairs there can be at most */
  pairs: number;
}

function partners(left: Int32Array, right: Int32Array, kinds: number): Partners {
  const ofLeft = count(left, kinds);
  const ofRight = count(right, kinds);
  const byTurns = new Uint8Array(kinds);
  let pairs = 0;
  for (let kind = 0; kind < kinds; kind++) {
    const product = (ofLeft[kind] ?? 0) * (ofRight[kind] ?? 0);
    byTurns[kind] = product > maxPairsOfKind ? 1 : 0;
    pairs += product > maxPairsOfKind ? (ofLeft[kind] ?? 0) : product;
  }
  const first = new Int32Array(kinds).fill(-1);
  const next = new Int32Array(right.length).fill(-1);
  // descending, or one left thing could be paired twice in a row
  for (let j = 0; j < right.length; j++) {
    const kind = right[j] ?? 0;
    if (byTurns[kind]) continue;
    next[j] = first[kind] ?? -1;
    first[kind] = j;
  }
  for (let j = right.length - 1; j >= 0; j--) {
    const kind = right[j] ?? 0;
    if (!byTurns[kind]) continue;
    next[j] = first[kind] ?? -1;
    first[kind] = j;
  }
  return { first, next, byTurns, pairs };
}

function count(sequence: Int32Array, kinds: number): Int32Array {
  const counts = new Int32Array(kinds);
  for (const kind of sequence) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Index of the first number that is not below `value`, in ascending numbers. */
function lowerBound(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
