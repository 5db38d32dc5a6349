/**
 * What the serving process takes on itself: a dump (or a body) of this size is some 11,000 rules, whose model takes
 * 14 MB. A child takes half a second to start and to read as many, which is most of what somebody waits for who opens
 * them. Whatever is larger goes to a child that ends, so that its memory goes with it: 50,000 rules take
 * 100 MB and more while a change is planned (house.md, Measured facts).
 */
export const inlineBytes = 768 * 1024;

/** The largest dump that is read at all: some 200,000 rules of the plainer kind. */
export const maxDumpBytes = 32 * 1024 * 1024;

/**
 * Of the child's V8, for rules (or a body) of that many bytes; null where nobody knows yet. What is kept alive of
 * 50,000 rules, some 3.5 MB of text, is 60 to 70 MB. With a heap far above that it would be let grow for nothing (the
 * whole child is to stay below 250 MB), with less it would spend its time collecting, or end for want of memory.
 */
export function jobFlags(bytes: number | null): string[] {
  const wanted = bytes === null ? unknownHeapMB : baseHeapMB + (bytes / 1e6) * heapPerTextMB;
  const heap = Math.round(Math.min(Math.max(wanted, leastHeapMB), mostHeapMB));
  return [`--max-old-space-size=${heap}`, '--max-semi-space-size=2'];
}

const baseHeapMB = 48;
const heapPerTextMB = 20;
const leastHeapMB = 96;
/** Enough for 100,000 rules; the unit's MemoryMax of 512 MB is for the agent as well. */
const mostHeapMB = 256;
const unknownHeapMB = 160;

/** A trial with 50,000 rules on nft takes 3 s on an idle machine; whoever asked has given up long before this. */
export const jobMs = 60_000;

/** Argument of the agent's program with which it handles one request from its standard input, and ends. */
export const jobArgument = 'job';
