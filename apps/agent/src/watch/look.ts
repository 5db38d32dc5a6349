import { stat } from 'node:fs/promises';
import { ProblemError } from '@moru/types';
import { otherSave } from '../firewall/other-backend.ts';
import type { Iptables } from '../firewall/tools.ts';
import { type DumpPrint, printOf } from './dump-print.ts';

export interface Look {
  print: DumpPrint;
  /** of the rules of the back end that `iptables` does not speak to; empty where it has none */
  other: string;
}

/** Looks at a family's rules in both back ends. Throws ProblemError `host.failed`. */
export async function lookAt(iptables: Iptables): Promise<Look> {
  const [print, other] = await Promise.all([printOf(iptables.programs.save), otherPrint(iptables)]);
  if (!print) throw new ProblemError('host.failed', { detail: 'The rules could not be read.' });
  return { print, other };
}

async function otherPrint(iptables: Iptables): Promise<string> {
  const program = otherSave(iptables);
  const print = program ? await printOf(program) : null;
  return print ? `${print.owned} ${print.foreign}` : '';
}

/** Another one when the file is replaced, written, removed or there again. */
export async function identityOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = await stat(path);
    return [dev, ino, size, mtimeMs, ctimeMs].join(' ');
  } catch {
    return '';
  }
}
