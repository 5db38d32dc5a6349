import type { Finding } from '../check/validate.ts';
import { foreignOwner } from '../host/foreign.ts';
import type { RuleSet } from '../model.ts';
import { withForeignChains } from '../plan/chain-pairs.ts';
import { type PlanOptions, planChange } from '../plan/plan-change.ts';
import { defaultDialect } from '../print/dialect.ts';
import { type Command, writeJson } from './command.ts';
import { findingText } from './findings.ts';
import { dialectHelp, dialectOption, dialectOptions, inputHelp, inputOptions, readPair } from './input.ts';

/** Chains of other programs that B has otherwise than A; those that it does not name are no wish of anybody. */
function leftAlone(before: RuleSet, after: RuleSet, options: PlanOptions): Finding[] {
  return planChange(before, after, options).findings.flatMap((finding) =>
    finding.code === 'plan.foreignChain' && finding.params.change !== 'deleted'
      ? [{ ...finding, severity: 'warning' }]
      : [],
  );
}

/** Prints the payload that turns the rules of one file into those of another. */
export const plan: Command = {
  name: 'plan',
  usage: 'A B',
  summary: 'print what iptables-restore -n -c needs to get from A to B',
  more: `A has to be what the host holds when the payload is applied, as iptables-save -c tells it: counters are written
as A has them, and rules are named by number unless --dialect is one of nft.`,
  files: { least: 2, most: 2 },
  options: {
    ...inputOptions,
    ...dialectOptions,
    revert: { type: 'boolean' },
    'all-chains': { type: 'boolean' },
    json: { type: 'boolean' },
  },
  help: {
    '--revert': 'print what brings A back instead',
    '--all-chains': 'write chains of other programs (sshguard, docker …) too; default: leave them alone',
    '--json': 'payload, revert, changes and findings as data',
    ...dialectHelp,
    ...inputHelp,
  },
  run(given, context) {
    const [before, after] = readPair(given, context);
    const all = given.options['all-chains'] === true;
    const options: PlanOptions = {
      dialect: dialectOption(given) ?? defaultDialect,
      owns: (_table, chain) => all || foreignOwner(chain) === null,
    };
    const wanted = withForeignChains(after.set, before.set, options.owns);
    const { payload, revert, changes, checks, ...planned } = planChange(before.set, wanted, options);
    const findings = [...leftAlone(before.set, after.set, options), ...planned.findings];
    const refused = findings.some(({ severity }) => severity === 'error');
    if (given.options.json === true) {
      writeJson(context, { payload: payload.text, revert: revert.text, changes, findings, checks });
    } else {
      for (const finding of findings) context.note(findingText(finding));
      context.write(given.options.revert === true ? revert.text : payload.text);
    }
    return refused ? 1 : 0;
  },
};
