import type { Family, Policy } from '../model.ts';
import type { TableCommand } from './command.ts';

/** `:CHAIN POLICY [packets:bytes]`. */
export interface ChainHeader {
  kind: 'header';
  chain: string;
  /** null for `-`: a built-in chain keeps its policy, another one is made, or emptied when it is there */
  policy: Policy | null;
  /** null when none are given */
  counters: { packets: bigint; bytes: bigint } | null;
}

/** One line of a restore file. */
export interface PayloadLine {
  /** from 1 */
  line: number;
  command: ChainHeader | TableCommand;
  /** of `[packets:bytes]` before the command; the tool minds them only with its `-c` */
  counters: { packets: bigint; bytes: bigint } | null;
}

export interface PayloadTable {
  name: string;
  lines: PayloadLine[];
}

/**
 * What `iptables-restore` is given: for each `*table … COMMIT` its lines in order. A table may come twice; each
 * COMMIT is one step of its own.
 */
export interface RestorePayload {
  family: Family;
  tables: PayloadTable[];
}
