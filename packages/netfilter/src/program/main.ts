#!/usr/bin/env node
import { readFileSync, writeSync } from 'node:fs';
import { run } from './run.ts';

/** `process.stdout.write` loses what a pipe has not taken yet when the process ends. */
function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (code === 'EPIPE') return; // the reader (head, less) has seen enough
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

const context = {
  read: (file: string) => readFileSync(file === '-' ? 0 : file, 'utf8'),
  write: (text: string) => writeAll(1, text),
  note: (line: string) => writeAll(2, `${line}\n`),
};
process.exitCode = run(process.argv.slice(2), context);
