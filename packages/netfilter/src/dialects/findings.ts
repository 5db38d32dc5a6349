import type { Finding } from '../check/validate.ts';
import type { NetfilterCode } from '../error.ts';
import type { Bag } from '../extensions/catalog.ts';
import type { Rule } from '../model.ts';
import type { Dialect } from '../print/dialect.ts';
import { plainWord } from '../values/quote.ts';
import { asInstalled } from './installed.ts';
import { dialectWords, losesAnyInterface } from './print-rule.ts';
import { type Refusal, refusals } from './refusals.ts';
import { quirksOf } from './words.ts';

const codes: Readonly<Record<Refusal['reason'], NetfilterCode>> = {
  option: 'dialect.option',
  value: 'dialect.value',
  kernel: 'dialect.kernel',
};

/**
 * What a version of iptables cannot take of a rule, or would tell wrongly, where 1.8.9 legacy is right. Besides what
 * `validateRule` finds, which holds for all versions. Empty when nothing is; `params` always has the dialect and the
 * option.
 *
 * - `dialect.option`: it does not know the option (exit 2); `since` is the first version known to have it
 * - `dialect.value`: it knows the option and refuses `value` (exit 2)
 * - `dialect.kernel`: it takes it and the kernel does not (exit 1 or 4)
 * - `dialect.installed`: it takes the rule and makes another one of it; `becomes` is what the part turns into, empty when
 *   it is left out. As an error, other packets match from then on (`! --dport :` on 1.8.9 nft matches everything)
 * - `dialect.saved`: the rule is right until its dump is loaded again, since `iptables-save` prints `becomes` for the part
 *   (`! -i +` before 1.8.11: nothing, so that everything matches; reference/iptables.md section 0, fact 7)
 */
export function dialectFindings(rule: Rule, dialect: Dialect): Finding[] {
  if (rule.verbatim !== null) return [];
  const findings: Finding[] = refusals(rule, dialect, () => dialectWords(rule, dialect, {})).map(
    ({ field, reason, params }) => ({
      field,
      code: codes[reason],
      severity: 'error',
      params: { dialect, ...params },
    }),
  );
  const installed = asInstalled(rule, dialect);
  for (const { field, severity, ...params } of installed.changes) {
    findings.push({ field, code: 'dialect.installed', severity, params: { dialect, ...params } });
  }
  return [...findings, ...lostOnSave(installed.rule, dialect)];
}

function lostOnSave(rule: Rule, dialect: Dialect): Finding[] {
  const findings: Finding[] = [];
  for (const field of ['inInterface', 'outInterface'] as const) {
    const held = rule[field];
    const option = field === 'inInterface' ? '-i' : '-o';
    const add = (becomes: string): void => {
      findings.push({
        field,
        code: 'dialect.saved',
        severity: 'error',
        params: { dialect, option, becomes },
      });
    };
    if (held?.value === '+' && held.negated && losesAnyInterface(dialect)) add('');
    // no version quotes a name
    else if (held && plainWord(held.value) !== held.value) add(`${option} ${held.value}`);
  }
  const parts = [...rule.matches, ...(rule.target?.kind === 'extension' ? [rule.target] : [])];
  for (const part of parts) {
    if (!part.modelled) continue;
    const kind = 'kind' in part && part.kind === 'extension' ? 'target' : 'match';
    const values = part as unknown as Bag;
    for (const { field, words, loses } of quirksOf(dialect).get(`${kind} ${part.name}`) ?? []) {
      const text = loses ? words(values[field], values) : null;
      if (!loses || text === null) continue;
      const params = { dialect, option: loses, becomes: text.trim() };
      const named = field === 'sourcePort' || field === 'destinationPort' ? field : kind;
      findings.push({ field: named, code: 'dialect.saved', severity: 'error', params });
    }
  }
  return findings;
}
