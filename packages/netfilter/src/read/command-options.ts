/** What an option of the command itself takes, as getopt and the tool read it. */
export type ArgumentKind =
  | 'chain'
  | 'newChain'
  | 'position'
  | 'policy'
  | 'table'
  | 'seconds'
  | 'path'
  | 'address'
  | 'interface'
  | 'protocol'
  | 'match'
  | 'target'
  | 'packets'
  | 'bytes'
  | 'value';

export interface Argument {
  kind: ArgumentKind;
  /**
   * `must`: the next word, whatever it begins with. `follow`: the next word unless it begins with `-` or `!`,
   * else the command is cut short. `may`: likewise, but it may be missing.
   */
  need: 'must' | 'follow' | 'may';
}

export interface CommandOption {
  /** the short option without its dash; `0` is `--line-numbers`, which has none */
  letter: string;
  /** `command`: what to do. `mode`: how. `rule`: part of the rule */
  role: 'command' | 'mode' | 'rule';
  arguments: readonly Argument[];
  /** the short option may carry its first argument in the same word */
  glued: boolean;
}

const must = (kind: ArgumentKind): Argument => ({ kind, need: 'must' });
const follow = (kind: ArgumentKind): Argument => ({ kind, need: 'follow' });
const may = (kind: ArgumentKind): Argument => ({ kind, need: 'may' });

const table: readonly [
  letter: string,
  names: string,
  role: CommandOption['role'],
  ...arguments_: Argument[],
][] = [
  ['A', 'append', 'command', must('chain')],
  ['C', 'check', 'command', must('chain')],
  ['D', 'delete', 'command', must('chain'), may('position')],
  ['I', 'insert', 'command', must('chain'), may('position')],
  ['R', 'replace', 'command', must('chain'), follow('position')],
  ['L', 'list', 'command', may('chain'), may('position')],
  ['S', 'list-rules', 'command', may('chain'), may('position')],
  ['F', 'flush', 'command', may('chain')],
  ['Z', 'zero', 'command', may('chain'), may('position')],
  ['N', 'new-chain', 'command', must('newChain')],
  ['X', 'delete-chain', 'command', may('chain')],
  ['E', 'rename-chain', 'command', must('chain'), follow('newChain')],
  ['P', 'policy', 'command', must('chain'), follow('policy')],
  ['V', 'version', 'command'],
  ['h', 'help', 'command'],
  ['t', 'table', 'mode', must('table')],
  ['v', 'verbose', 'mode'],
  ['n', 'numeric', 'mode'],
  ['x', 'exact', 'mode'],
  ['0', 'line-numbers', 'mode'],
  ['w', 'wait', 'mode', may('seconds')],
  ['W', 'wait-interval', 'mode', may('seconds')],
  ['M', 'modprobe', 'mode', must('path')],
  ['4', 'ipv4', 'mode'],
  ['6', 'ipv6', 'mode'],
  ['c', 'set-counters', 'mode', must('packets'), follow('bytes')],
  ['s', 'source src', 'rule', must('address')],
  ['d', 'destination dst', 'rule', must('address')],
  ['p', 'protocol', 'rule', must('protocol')],
  ['i', 'in-interface', 'rule', must('interface')],
  ['o', 'out-interface', 'rule', must('interface')],
  ['m', 'match', 'rule', must('match')],
  ['j', 'jump', 'rule', must('target')],
  ['g', 'goto', 'rule', must('chain')],
  ['f', 'fragments', 'rule'],
];

/** Every spelling with its dashes: `-A`, `--append`. Shortened long options are not here. */
export const commandOptions: ReadonlyMap<string, CommandOption> = new Map(
  table.flatMap(([letter, names, role, ...words]): [string, CommandOption][] => {
    const option: CommandOption = { letter, role, arguments: words, glued: words.length > 0 };
    const long = names.split(' ').map((name): [string, CommandOption] => [`--${name}`, option]);
    return letter === '0' ? long : [[`-${letter}`, option], ...long];
  }),
);

/** The option of a letter, for words that hold several (`-nvL`). */
export function optionOfLetter(letter: string): CommandOption | undefined {
  return letter === '0' || letter === '-' ? undefined : commandOptions.get(`-${letter}`);
}
