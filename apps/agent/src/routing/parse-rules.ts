import type { Family, PolicyRule } from '@moru/types';

/** Reads `ip -4|-6 rule`, with `-d` as well: the kernel's own rules then say that they are. */
export function parsePolicyRules(text: string, family: Family): PolicyRule[] {
  return text.split('\n').flatMap((line) => {
    const parts = /^(\d+):\s*(.*?)(?: proto kernel)?\s*$/.exec(line);
    return parts ? [{ family, priority: Number(parts[1]), text: parts[2] ?? '' }] : [];
  });
}

const standard = ['0 from all lookup local', '32766 from all lookup main', '32767 from all lookup default'];

/** Whether only the kernel's own rules stand, so that tables are asked in the order local, main, default. */
export function isStandard(rules: readonly PolicyRule[], family: Family): boolean {
  const own = rules.filter((rule) => rule.family === family);
  const found = own.map(({ priority, text }) => `${priority} ${text}`);
  const main = found.slice(0, 2).join() === standard.slice(0, 2).join();
  // IPv6 has no table `default`; a kernel without the family has no rules, and no routes either
  return (
    found.length === 0 || (main && (found.length === 2 || (found.length === 3 && found[2] === standard[2])))
  );
}
