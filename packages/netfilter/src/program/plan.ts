import { foreignOwner } from '../host/foreign.ts';
import { planChange } from '../plan/plan-change.ts';
import { defaultDialect } from '../print/dialect.ts';
import { type Command, writeJson } from './command.ts';
import { findingText } from './findings.ts';
import { dialectHelp, dialectOption, dialectOptions, inputHelp, inputOptions, readPair } from './input.ts';

/** Prints the payload that turns the rules of one file into those of another. */
export const plan: Command = {
  name: 'plan',
  usage: 'A B',
  summary: 'print what iptables-restore -n -c needs to get from A to B',
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
    const { payload, revert, changes, findings, checks } = planChange(before.set, after.set, {
      dialect: dialectOption(given) ?? defaultDialect,
      owns: (_table, chain) => all || foreignOwner(chain) === null,
    });
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
