import { readFileSync } from 'node:fs';
import { type Dialect, dialects } from '../../print/dialect.ts';

/** What one version made of one rule that it was given alone. */
export interface DialectRow {
  table: string;
  chain: string;
  rule: string;
  dialect: Dialect;
  /** exit code where it was refused */
  refused: number | null;
  /** lines of `iptables -S` */
  saved: string[];
  /** lines of `iptables -nvL --line-numbers`, trailing blanks left out */
  listed: string[];
}

const named: Readonly<Record<string, readonly Dialect[]>> = {
  all: ['1.6.1', '1.8.4', '1.8.9-legacy', '1.8.9-nft', '1.8.11'],
};

const several = (cell: string): string[] => (cell === '' ? [] : cell.split(' ⏎ '));

function rowsOf(file: string): DialectRow[] {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [table = '', chain = '', rule = '', versions = '', result = '', saved = '', listed = ''] =
        line.split('\t');
      const exit = /^refused \(exit (\d)\)$/.exec(result)?.[1];
      if (exit === undefined && result !== 'ok') throw new Error(`not a result: ${result}`);
      return (named[versions] ?? versions.split(',')).map((dialect) => ({
        table,
        chain,
        rule,
        dialect: known(dialect),
        refused: exit === undefined ? null : Number(exit),
        // where a rule is refused the column holds the tool's words
        saved: exit === undefined ? several(saved) : [],
        listed: several(listed),
      }));
    });
}

function known(name: string): Dialect {
  const found = dialects.find((dialect) => dialect === name);
  if (!found) throw new Error(`not a dialect: ${name}`);
  return found;
}

/** `dialects.tsv`: measured rules in five versions. `beside-1.8.9.tsv`: what others make otherwise than 1.8.9 legacy. */
export function dialectRows(): DialectRow[] {
  return [...rowsOf('dialects.tsv'), ...rowsOf('beside-1.8.9.tsv')];
}
