/**
 * Control characters, the line separators of Unicode, and what is left of bytes that are no UTF-8. A tab counts:
 * it survives save and restore, but moves columns in whatever shows the rule.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufffd]/g;

/** What a line of `iptables-save -c` can be. Quotes must close on the line that opened them. */
const wholeLine =
  /^(?:#.*|\*\w+|:\S+ (?:ACCEPT|DROP|-) \[\d+:\d+\]|COMMIT|\[\d+:\d+\] -A [^"]*(?:"(?:[^"\\]|\\.)*"[^"]*)*)?$/;
const lineStart = /^(?:[#*:]|COMMIT$|\[\d+:\d+\] -A |$)/;

function escapeOf(character: string): string {
  const code = character.charCodeAt(0);
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Control characters but line feeds as `\x1b`: safe to show in a terminal, a log or a page. */
export function escapeControls(text: string): string {
  return text.replace(controls, escapeOf);
}

function quoteStaysOpen(line: string): boolean {
  let open = false;
  for (let i = 0; i < line.length; i++) {
    if (open && line[i] === '\\') i++;
    else if (line[i] === '"') open = !open;
  }
  return open;
}

/** Whether a text may hold an escape that `readDump` put there: as it stands it would name another rule. */
export function holdsEscape(text: string): boolean {
  return /\\(?:x[0-9a-f]{2}|u[0-9a-f]{4})/.test(text);
}

export interface Dump {
  /** one rule per line; control characters in rules are escaped, line feeds included */
  text: string;
  /** a live rule or chain holds control characters: shown, but never saved */
  hostile: boolean;
}

/**
 * Makes the output of `iptables-save -c` readable line by line whatever rules it holds.
 *
 * Comments are printed in quotes with raw line feeds, interface names bare: `-i $'e\n-A INPUT'` prints a second
 * line that looks like a rule (tried on 1.8.9, legacy and nft). With `-c` a real rule begins with its counters;
 * so a line that does not begin as one must, or that follows an open quote, belongs to the line before it.
 * What remains: 15 characters of an interface name can fake a whole line for a chain whose name has at most five,
 * by the hand of somebody who is root on the host already.
 */
export function readDump(raw: string): Dump {
  const lines: string[] = [];
  let hostile = false;
  let open = false;
  for (const line of raw.split('\n')) {
    if (!open && wholeLine.test(line)) {
      lines.push(line);
      continue;
    }
    const previous = lines[lines.length - 1];
    if (previous !== undefined && (open || !lineStart.test(line))) {
      hostile = true;
      // inside quotes a backslash escapes, so one that is meant stands twice
      lines[lines.length - 1] = `${previous}${open ? '\\\\x0a' : '\\x0a'}${line}`;
    } else {
      lines.push(line);
    }
    open = quoteStaysOpen(lines[lines.length - 1] ?? '');
  }
  const text = lines.join('\n');
  if (!hostile && text.search(controls) < 0) return { text, hostile };
  return { text: escapeQuoted(text), hostile: true };
}

/** As `escapeControls`, with the backslash doubled inside quotes. */
function escapeQuoted(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line.replace(controls, (character, at: number) =>
        quoteStaysOpen(line.slice(0, at)) ? `\\${escapeOf(character)}` : escapeOf(character),
      ),
    )
    .join('\n');
}
