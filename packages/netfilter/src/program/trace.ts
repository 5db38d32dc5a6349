import { compileRuleSet, evaluate } from '../evaluate/evaluate.ts';
import type { Doubt, Evaluation, Way } from '../evaluate/evaluation.ts';
import type { PacketFields } from '../evaluate/packet.ts';
import type { PacketPath } from '../evaluate/place.ts';
import type { Step } from '../evaluate/steps.ts';
import { printRule } from '../print/print.ts';
import { type Command, stringOption, UsageError, writeJson } from './command.ts';
import { inputHelp, inputOptions, readSource } from './input.ts';
import { packetHelp, packetOf, packetOptions, packetText, pathOf } from './trace-packet.ts';

const verdicts: readonly string[] = ['accept', 'drop', 'reject', 'queue', 'stolen', 'unknown'];

/** Follows one packet through the rules of a file. */
export const trace: Command = {
  name: 'trace',
  usage: '[FILE]',
  summary: 'follow a packet through the rules; what cannot be judged is said, never guessed',
  files: { least: 0, most: 1 },
  options: { ...packetOptions, ...inputOptions, expect: { type: 'string' }, json: { type: 'boolean' } },
  help: {
    ...packetHelp,
    '--expect VERDICT': 'exit 1 unless it is accept, drop, reject, queue, stolen or unknown as said here',
    '--json': 'verdict, possible ways, path and doubts as data',
    ...inputHelp,
  },
  run(given, context) {
    const { file, set } = readSource(given, context);
    // an iptables-save that failed must not pass for a host that lets everything in
    if (set.tables.length === 0) throw new UsageError(`${file} holds no table`);
    const path = pathOf(given);
    const expected = stringOption(given, 'expect');
    if (expected !== undefined && !verdicts.includes(expected)) {
      throw new UsageError(`--expect is one of ${verdicts.join(', ')}`);
    }
    const packet = packetOf(given, set.family);
    const result = evaluate(compileRuleSet(set), packet, path);
    if (given.options.json === true) writeJson(context, asData(packet, path, result));
    else context.write(asText(packet, path, result));
    return expected === undefined || expected === result.verdict ? 0 : 1;
  },
};

function asData(packet: PacketFields, path: PacketPath, result: Evaluation): object {
  const { verdict, rejectWith, possible, complete, ways, doubts } = result;
  return { packet, path, verdict, rejectWith, possible, complete, ways, doubts };
}

function asText(packet: PacketFields, path: PacketPath, result: Evaluation): string {
  const { verdict, ways, doubts, complete } = result;
  let out = `${packetText(packet, path)}\n`;
  if (ways.length === 1 && doubts.length === 0) out += wayText(ways[0]);
  else {
    for (const [index, way] of ways.entries())
      out += `\nway ${index + 1} of ${ways.length}: ${endOf(way)}\n${wayText(way)}`;
    if (!complete) out += '\nthere are more ways than were followed\n';
    out += `\nnot judged:\n${doubts.map(doubtText).join('')}`;
  }
  const only =
    ways.length > 0 && ways.every((way) => endOf(way) === endOf(ways[0])) ? endOf(ways[0]) : verdict;
  return `${out}\n${verdict === 'unknown' ? `unknown: ${result.possible.join(' or ')}` : only}\n`;
}

function endOf(way: Way | undefined): string {
  if (!way) return 'unknown';
  if (way.mishap !== null) return `${way.verdict} (${way.mishap})`;
  return way.rejectWith === null ? way.verdict : `reject with ${way.rejectWith}`;
}

function wayText(way: Way | undefined): string {
  if (!way) return '';
  const effects = way.effects.map((effect) => `  effect: ${JSON.stringify(effect)}\n`);
  return way.path.map(stepText).join('') + effects.join('');
}

function stepText({ table, chain, number, kind, then, rule }: Step): string {
  if (kind === 'rule') return `  ${table} ${chain} ${number}  ${rule ? printRule(rule) : ''}\n`;
  return kind === 'policy'
    ? `  ${table} ${chain} policy  ${then.toUpperCase()}\n`
    : `  ${table} ${chain} end  return\n`;
}

function doubtText({ table, chain, number, rule, conditions }: Doubt): string {
  return `  ${table} ${chain} ${number}  ${rule ? printRule(rule) : ''}  (${conditions.join(', ')})\n`;
}
