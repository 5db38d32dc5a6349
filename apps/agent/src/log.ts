type Fields = Record<string, unknown>;

function write(stream: NodeJS.WriteStream, level: string, message: string, fields: Fields): void {
  // JSON keeps a record on one line whatever control characters a rule or a tool put into it
  stream.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
}

/** JSON lines: information to stdout, errors to stderr. */
export const log = {
  info: (message: string, fields: Fields = {}) => write(process.stdout, 'info', message, fields),
  error: (message: string, fields: Fields = {}) => write(process.stderr, 'error', message, fields),
};

/** The words of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
