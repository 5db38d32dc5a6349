import { NetfilterError } from '../error.ts';
import { type Chain, isBuiltIn, type RuleSet, type Table } from '../model.ts';
import { printRule } from '../print/print.ts';
import { parseRule } from '../read/parse-rule.ts';
import {
  type ChainGraph,
  chainGraph,
  depths,
  findLoops,
  isReached,
  jumpOf,
  type Reach,
  reachedFrom,
} from './chain-graph.ts';
import { isTargetName, validateChainName } from './chain-name.ts';
import { type Finding, validateRule } from './validate.ts';
import { validateHooks } from './validate-hooks.ts';
import { validateValues } from './validate-values.ts';

/** A finding with its place in the set. */
export interface SetFinding extends Finding {
  table: string;
  /** null: about the table */
  chain: string | null;
  /** of the rule in its chain, from 0; null: about the chain */
  index: number | null;
}

export interface SetOptions {
  /** chains that are to be deleted: it is said what keeps them, and jumps to them count as jumps to nothing */
  deleted?: readonly { table: string; chain: string }[];
  /**
   * where the rules are to run; without it, what either back end refuses is an error. Legacy nests as deep as there
   * are chains, nft 16 deep
   */
  backend?: 'legacy' | 'nft';
}

/** Jumps that nft follows one inside another (NFT_JUMP_STACK_SIZE), the built-in chain counted. */
const nftDepth = 16;

/**
 * Everything that is wrong with a rule set, or doubtful, beyond what `iptables-restore --test` refuses
 * (reference/iptables.md section 0, fact 6): what `validateRule` says of each rule; loops of chains, with the way round
 * (`chain.loop`, params `path`); matches, targets and interfaces where a user chain is reached from the wrong hook
 * (params `via`); nesting too deep; names of chains; chains to be deleted that are in use; rules that stand twice;
 * values that do not read back as they are. An error is refused by a kernel at COMMIT or dangerous; a warning is
 * legal, and probably not what was meant. In the order of tables, chains and rules.
 */
export function validateSet(set: RuleSet, options: SetOptions = {}): SetFinding[] {
  return set.tables.flatMap((table) => validateTable(table, set, options));
}

function validateTable(table: Table, set: RuleSet, options: SetOptions): SetFinding[] {
  const backend = options.backend ? { backend: options.backend } : {};
  const graph = chainGraph(table);
  const reach = reachedFrom(table, graph);
  const gone = new Set(
    (options.deleted ?? []).filter((each) => each.table === table.name).map((each) => each.chain),
  );
  const names = new Set(table.chains.map((chain) => chain.name).filter((name) => !gone.has(name)));
  const loops = loopFindings(graph, reach);
  const deep = depthFindings(table, graph, options);
  return table.chains.flatMap((chain): SetFinding[] => {
    const place = { table: table.name, chain: chain.name };
    const ofChain = [
      ...validateChainName(chain.name, table.name),
      ...(gone.has(chain.name) ? deletionFindings(table, chain) : []),
      ...deep.filter((finding) => finding.params.chain === chain.name),
    ].map((finding): SetFinding => ({ ...finding, ...place, index: null }));
    const twice = duplicates(chain);
    // rules of a chain that is to go need not be right
    const ofRules = (gone.has(chain.name) ? [] : chain.rules).flatMap((rule, index) => {
      const findings = [
        // a chain that leads to itself is told of as a loop
        ...validateRule(rule, { ...place, chains: names }).filter(
          ({ params }) => params.target !== chain.name,
        ),
        ...validateHooks(rule, { ...place, reach, ...backend }),
        ...(loops.get(`${chain.name} ${index}`) ?? []),
        ...(twice.get(index) ?? []),
        ...validateValues(rule),
        ...readBack(rule, set),
        ...shadowedChain(rule, names),
      ];
      return findings.map((finding): SetFinding => ({ ...finding, ...place, index }));
    });
    return [...ofChain, ...ofRules];
  });
}

/** By chain and index of the rule that closes each loop. A loop that no packet can come to is a warning: the kernel takes it. */
function loopFindings(graph: ChainGraph, reach: Reach): Map<string, Finding[]> {
  const findings = new Map<string, Finding[]>();
  for (const { path, index } of findLoops(graph)) {
    const key = `${path.at(-1)} ${index}`;
    const severity = isReached(reach, path[0] ?? '') ? 'error' : 'warning';
    const params = { chain: path[0] ?? '', path: [...path, path[0]].join(' > ') };
    findings.set(key, [
      ...(findings.get(key) ?? []),
      { field: 'target', code: 'chain.loop', severity, params },
    ]);
  }
  return findings;
}

function depthFindings(table: Table, graph: ChainGraph, { backend }: SetOptions): Finding[] {
  if (backend === 'legacy') return [];
  const deep = [...depths(graph)].filter(([name, depth]) => isBuiltIn(table.name, name) && depth >= nftDepth);
  return deep.map(([chain, depth]) => ({
    field: 'chain',
    code: 'chain.depth',
    severity: 'error',
    params: { chain, depth, max: nftDepth - 1 },
  }));
}

/** What keeps a chain from being deleted; empty when nothing does. */
export function deletionFindings(table: Table, chain: Chain): Finding[] {
  const finding = (code: Finding['code'], params: Finding['params']): Finding => ({
    field: 'chain',
    code,
    severity: 'error',
    params: { chain: chain.name, ...params },
  });
  if (isBuiltIn(table.name, chain.name)) return [finding('chain.builtIn', {})];
  const users = table.chains.flatMap((each) =>
    each.rules.flatMap((rule, index) =>
      jumpOf(rule) === chain.name ? [finding('chain.inUse', { by: each.name, number: index + 1 })] : [],
    ),
  );
  const { length } = chain.rules;
  return length > 0 ? [...users, finding('chain.notEmpty', { rules: length })] : users;
}

function duplicates(chain: Chain): Map<number, Finding[]> {
  const first = new Map<string, number>();
  const findings = new Map<number, Finding[]>();
  for (const [index, rule] of chain.rules.entries()) {
    const text = printed(rule);
    const before = text === null ? undefined : first.get(text);
    if (text !== null && before === undefined) first.set(text, index);
    if (before === undefined) continue;
    const params = { number: before + 1 };
    findings.set(index, [{ field: 'match', code: 'rule.duplicate', severity: 'warning', params }]);
  }
  return findings;
}

function printed(rule: Parameters<typeof printRule>[0]): string | null {
  try {
    return printRule(rule);
  } catch (error) {
    if (error instanceof NetfilterError) return null;
    throw error;
  }
}

/** A rule that was not read from text may hold what no text can say, or what reads as something else. */
function readBack(rule: Parameters<typeof printRule>[0], set: RuleSet): Finding[] {
  if (rule.verbatim !== null) return [];
  try {
    const text = printRule(rule);
    if (printRule(parseRule(text, { family: set.family, oldNegation: false })) === text) return [];
    return [{ field: 'match', code: 'option.value', severity: 'error', params: { rule: text } }];
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
    const params = { ...error.params, ...(error.word === undefined ? {} : { value: error.word }) };
    return [{ field: error.field ?? 'match', code: error.code, severity: 'error', params }];
  }
}

/** A jump that text would turn into a call of the target of that name. */
function shadowedChain(rule: Parameters<typeof printRule>[0], names: ReadonlySet<string>): Finding[] {
  const name = rule.target?.name;
  if (name === undefined || !names.has(name) || !isTargetName(name)) return [];
  return [{ field: 'target', code: 'chain.reserved', severity: 'error', params: { chain: name, name } }];
}
