/** Versions and back ends of iptables that print alike (reference/iptables.md section 1.2). */
export type Dialect = '1.6.1' | '1.8.4' | '1.8.9-legacy' | '1.8.9-nft' | '1.8.11';

export const dialects: readonly Dialect[] = ['1.6.1', '1.8.4', '1.8.9-legacy', '1.8.9-nft', '1.8.11'];

/** What text is when nobody says otherwise: the version that the measured tables hold. */
export const defaultDialect: Dialect = '1.8.9-legacy';
