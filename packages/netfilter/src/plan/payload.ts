/** What one `iptables-restore -n -c` is fed. Tables commit one by one, in this order. */
export interface Payload {
  /** all tables; empty when there is nothing to do */
  text: string;
  /** the same, table by table: `*TABLE` to `COMMIT` */
  tables: { table: string; text: string }[];
}

/** Lines between `*TABLE` and `COMMIT`. */
export interface TableLines {
  table: string;
  lines: readonly string[];
}

export const emptyPayload: Payload = { text: '', tables: [] };

/** Tables without lines are left out: naming one would load it on legacy. */
export function toPayload(tables: readonly TableLines[]): Payload {
  const texts = tables
    .filter(({ lines }) => lines.length > 0)
    .map(({ table, lines }) => ({ table, text: `*${table}\n${lines.join('\n')}\nCOMMIT\n` }));
  return { text: texts.map(({ text }) => text).join(''), tables: texts };
}

/** `filter` can lock the administrator out, so it is written when all else went well. */
export const applyOrder = ['raw', 'mangle', 'nat', 'security', 'filter'];
