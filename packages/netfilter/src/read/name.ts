import { byteLength } from '../values/quote.ts';

/** XT_EXTENSION_MAXNAMELEN less its terminator, in bytes. */
const maxName = 28;

/** Names of matches, targets and chains come back from the lexer as one word, and never look like an option. */
export function isName(name: string): boolean {
  const first = name.charCodeAt(0);
  if (name === '' || name.length > maxName || first === 45 || first === 33) return false;
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i);
    if (c <= 32 || c === 34 || c === 127) return false;
  }
  // three bytes a unit at most
  return name.length * 3 <= maxName || byteLength(name) <= maxName;
}
