export interface CommandResult {
  /** goes to stdout, or to stderr where the exit code is not 0; empty for nothing */
  text: string;
  /** null while the command stays, as `run` does */
  exitCode: number | null;
}

export interface Command {
  /** what it does, in one line for the list of commands */
  words: string;
  /** more about it, for `moru-agent COMMAND --help` */
  more?: string;
  /** what it takes: `--server URL` */
  options?: readonly { option: string; words: string }[];
  /** Throws UsageError for words that it does not understand, and any other Error with a message for a person. */
  run(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<CommandResult>;
}

/** The words after the command are not what it takes. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
