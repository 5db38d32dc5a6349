import { builtInChains } from '../model.ts';
import type { Repair } from './repair.ts';

const unusualBlank = /[\u00a0\u2000-\u200a\u202f\u3000]/g;

/**
 * Mends a saved file that was copied from a page: the `*` that is missing before a table's name (the guide shows
 * `filter`), a byte order mark, Windows line ends, unusual blanks outside quotes, and blanks around COMMIT and ahead of
 * `*`, all of which `iptables-restore` refuses. Everything else stays; `parseSave` says what is wrong with it.
 */
export function repairSaved(text: string): { text: string; repairs: Repair[] } {
  const repairs: Repair[] = [];
  let inTable = false;
  let offset = 0;
  const lines = text.split('\n').map((given) => {
    const note = (kind: Repair['kind'], from: string, to: string, at: number) =>
      repairs.push({ kind, from, to, offset: offset + marked + at });
    // the byte order mark is gone from the line, and stands in the text as given
    let marked = 0;
    let line = given;
    if (line.endsWith('\r')) {
      line = line.slice(0, -1);
      note('lineEnd', '\r', '', line.length);
    }
    if (offset === 0 && line.startsWith('\ufeff')) {
      note('invisible', '\ufeff', '', 0);
      line = line.slice(1);
      marked = 1;
    }
    if (!line.startsWith('#')) line = plainBlanks(line, (from, at) => note('blank', from, ' ', at));
    const bare = line.trim();
    if (!inTable && Object.hasOwn(builtInChains, bare)) {
      note('table', line, `*${bare}`, 0);
      line = `*${bare}`;
    } else if (!inTable && /^\s+\*/.test(line) && Object.hasOwn(builtInChains, bare.slice(1))) {
      note('blank', line, bare, 0);
      line = bare;
    } else if (inTable && bare === 'COMMIT' && line !== bare) {
      note('blank', line, bare, 0);
      line = bare;
    }
    if (line.startsWith('*')) inTable = true;
    if (line === 'COMMIT') inTable = false;
    offset += given.length + 1;
    return line;
  });
  return { text: lines.join('\n'), repairs };
}

function plainBlanks(line: string, note: (from: string, at: number) => void): string {
  let quoted = false;
  let out = '';
  for (let i = 0; i < line.length; i++) {
    const c = line.charAt(i);
    if (c === '"' && !(quoted && line.charAt(i - 1) === '\\')) quoted = !quoted;
    const unusual = !quoted && c.search(unusualBlank) >= 0;
    if (unusual) note(c, i);
    out += unusual ? ' ' : c;
  }
  return out;
}
