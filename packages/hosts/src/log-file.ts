import { closeSync, openSync, renameSync, writeSync } from 'node:fs';

/** A log that never stops what it tells of. */
export interface LogFile {
  write(chunk: Buffer | string): void;
  close(): void;
}

/** A file of this size becomes NAME.old, and the one before it is gone: a log takes twice this at most. */
const mostBytes = 8 * 1024 * 1024;

/** Begins a log anew. A line that cannot be written (a full disk) is lost; whoever wrote it goes on. */
export function openLog(path: string, limit = mostBytes): LogFile {
  let file = open(path);
  let size = 0;
  return {
    write(chunk) {
      if (file === undefined) return;
      try {
        size += typeof chunk === 'string' ? writeSync(file, chunk) : writeSync(file, chunk, 0, chunk.length);
        if (size < limit) return;
        closeSync(file);
        renameSync(path, `${path}.old`);
        file = open(path);
        size = 0;
      } catch {
        // the next line tries again
      }
    },
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

function open(path: string): number | undefined {
  try {
    return openSync(path, 'w', 0o600);
  } catch {
    return undefined;
  }
}
