import type { Rule } from '../model.ts';
import { hasControl } from '../values/quote.ts';
import type { Finding } from './validate.ts';

/** Text that people write for people, which may begin as it likes: the tool takes it as the option's value. */
const freeText: ReadonlySet<string> = new Set(['prefix', 'pattern']);

/**
 * Control characters in any value of a match or target (they reach terminals and logs raw), and names that begin with
 * a dash, which read as options to whoever sees the line (reference/security.md section 3). The comment is left to
 * `validateRule`.
 */
export function validateValues(rule: Rule): Finding[] {
  if (rule.verbatim !== null) return [];
  const parts = [
    ...rule.matches.flatMap((match) =>
      match.modelled && match.name !== 'comment' ? [['match', match] as const] : [],
    ),
    ...(rule.target?.kind === 'extension' && rule.target.modelled ? [['target', rule.target] as const] : []),
  ];
  return parts.flatMap(([field, part]) =>
    Object.entries(part).flatMap(([key, held]) =>
      textsOf(held).flatMap((value): Finding[] => {
        const params = { [field]: part.name, value };
        if (hasControl(value)) return [{ field, code: 'value.control', severity: 'error', params }];
        const dashed = value.startsWith('-') && !freeText.has(key);
        return dashed ? [{ field, code: 'value.leadingDash', severity: 'warning', params }] : [];
      }),
    ),
  );
}

/** Every string within a property: values may be lists, or objects such as a set's name with its directions. */
function textsOf(held: unknown): string[] {
  if (typeof held === 'string') return [held];
  return typeof held === 'object' && held !== null ? Object.values(held).flatMap(textsOf) : [];
}
