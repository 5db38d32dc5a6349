import { NetfilterError } from '../error.ts';
import { targetCatalog } from '../extensions/catalog.ts';
import { verdicts } from '../extensions/targets/registry.ts';
import { builtInChains } from '../model.ts';
import { byteLength, hasControl } from '../values/quote.ts';
import type { Finding } from './validate.ts';

/** XT_EXTENSION_MAXNAMELEN less its terminator (reference/iptables.md section 1). */
export const maxChainName = 28;

/** Whether `-j NAME` means a target and never a chain. */
export function isTargetName(name: string): boolean {
  return verdicts.has(name) || targetCatalog.has(name);
}

/**
 * Throws what the tool refuses in the name of a chain to make: length (`chain.name`), a leading `-` or `!`,
 * blanks, and the name of a target (`chain.reserved`). The tool checks `-N` only: `-E` and restore files of
 * legacy let through names that no file can load again.
 */
export function checkNewChainName(name: string): void {
  if (name === '' || byteLength(name) > maxChainName) {
    throw new NetfilterError('chain.name', {
      word: name,
      expected: `1-${maxChainName} bytes`,
      params: { max: maxChainName },
    });
  }
  if (/^[-!]/.test(name) || /\s/.test(name)) {
    throw new NetfilterError('chain.name', { word: name, expected: 'no blank, no leading - or !' });
  }
  if (isTargetName(name)) {
    throw new NetfilterError('chain.reserved', {
      word: name,
      expected: 'not the name of a target',
      params: { name },
    });
  }
}

const hooks: readonly string[] = [...new Set(Object.values(builtInChains).flat())];

/**
 * All that is wrong with a chain of this name, or doubtful. An error is a name that the tool refuses or that does not
 * survive save and restore; a warning one that people or other tables take for something else: the name of a
 * built-in chain of another table, or a name that differs from a built-in chain or target by case only.
 */
export function validateChainName(name: string, table: string): Finding[] {
  const findings: Finding[] = [];
  const add = (code: Finding['code'], severity: Finding['severity'], params: Finding['params'] = {}) =>
    findings.push({ field: 'chain', code, severity, params: { chain: name, ...params } });
  if (builtInChains[table]?.includes(name)) return findings;
  try {
    checkNewChainName(name);
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
    add(error.code, 'error', error.params);
  }
  if (hasControl(name)) add('value.control', 'error');
  // a quote is taken off when a saved rule of the chain is read again
  else if (name.includes('"')) add('chain.name', 'error', { max: maxChainName });
  else if (/[\\'#*?[\]]/.test(name)) add('chain.name', 'warning', { max: maxChainName });
  if (hooks.includes(name)) add('chain.reserved', 'warning', { name });
  const upper = name.toUpperCase();
  if (name !== upper && (hooks.includes(upper) || isTargetName(upper)))
    add('chain.case', 'warning', { name: upper });
  return findings;
}
