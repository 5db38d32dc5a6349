import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A thing that a flow made and that cannot carry the run's id itself, as an address has no name. */
export interface Made {
  run: string;
  url: string;
  address: string;
}

const file = fileURLToPath(new URL('../../../../.moru/flows-made.jsonl', import.meta.url));

/** Notes a Public IP, until `--sweep` or the flow itself has removed it. */
export function noteMade(made: Made): void {
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `${JSON.stringify(made)}\n`);
}

export function readMade(): Made[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Made);
}

export function forgetMade(url: string, address: string): void {
  const left = readMade().filter((made) => made.url !== url || made.address !== address);
  writeFileSync(file, left.map((made) => `${JSON.stringify(made)}\n`).join(''));
}
