/**
 * What the serving process takes on itself: a dump (or a body) of this size is some 4,000 rules, whose model takes
 * 5 MB. Whatever is larger goes to a child that ends, so that its memory goes with it: 50,000 rules take
 * 100 MB and more while a change is planned (house.md, Measured facts).
 */
export const inlineBytes = 256 * 1024;

/** The largest dump that is read at all: some 200,000 rules of the plainer kind. */
export const maxDumpBytes = 32 * 1024 * 1024;

/**
 * Of the child's V8. A trial with 50,000 rules keeps some 110 MB alive; with a heap far above that it would be let
 * grow for nothing, with less it would spend its time collecting.
 */
export const jobFlags = ['--max-old-space-size=160', '--max-semi-space-size=8'] as const;

/** A trial with 50,000 rules on nft takes 3 s on an idle machine; whoever asked has given up long before this. */
export const jobMs = 60_000;

/** Argument of the agent's program with which it handles one request from its standard input, and ends. */
export const jobArgument = 'job';
