import { connect } from 'node:net';
import { ProblemError } from '@moru/types';
import { escapeControls } from '../firewall/hostile.ts';
import { diskProblem } from './durable.ts';

/**
 * Files of root's that an agent without root's rights reads and writes through packaging/lib/files, which knows which
 * ones. A unit's own setting, like `PATH`: where it is not set, the agent touches them itself.
 */
const socketPath = process.env.MORU_AGENT_FILES_SOCKET;

/** The helper answers in some 20 ms; a busy disk may take its time to bring a file to rest. */
const answerMs = 15_000;
const maxAnswerBytes = 17 * 1024 * 1024;

export const viaHelper = socketPath !== undefined;

interface Answer {
  /** the first line */
  words: string;
  content: Buffer;
}

/** One question on one connection. Throws ProblemError `file.refused`, or `host.failed` without an answer. */
async function ask(question: string, content: Buffer | null, path: string): Promise<Answer> {
  const { words, content: answered } = await exchange(question, content).catch((cause: unknown) => {
    throw diskProblem(`${path} could not be reached. Is moru-files.socket active?`, cause);
  });
  const [, kind, why = ''] = /^(refused|failed) (.*)$/.exec(words) ?? [];
  if (kind === 'refused') throw new ProblemError('file.refused', { detail: sentence(why) });
  if (kind === 'failed' || words === '') throw new ProblemError('host.failed', { detail: sentence(why) });
  return { words, content: answered };
}

const sentence = (why: string) => (why === '' ? 'The helper gave no answer.' : `${escapeControls(why)}.`);

function exchange(question: string, content: Buffer | null): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const socket = connect({ path: socketPath ?? '', allowHalfOpen: true });
    const give = (error: Error) => socket.destroy(error);
    const timer = setTimeout(() => give(new Error('no answer in time')), answerMs);
    socket.once('connect', () => {
      socket.write(`${question}\n`);
      if (content) socket.end(content);
      else socket.end();
    });
    socket.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxAnswerBytes) give(new Error('the answer is too long'));
      else chunks.push(chunk);
    });
    // a helper that refuses at once closes its end while the content is still on its way
    socket.once('error', (error) => (size > 0 ? finish() : fail(error)));
    socket.once('end', finish);
    function fail(error: Error) {
      clearTimeout(timer);
      reject(error);
    }
    function finish() {
      clearTimeout(timer);
      socket.destroy();
      const all = Buffer.concat(chunks);
      const end = all.indexOf('\n');
      const words = all.toString('utf8', 0, end < 0 ? all.length : end);
      resolve({ words, content: all.subarray(end < 0 ? all.length : end + 1) });
    }
  });
}

export interface RootFile {
  content: Buffer;
  /** of the file, which may be longer than what came of it */
  size: number;
  modifiedAt: Date;
}

/** Null where there is no such file. Throws ProblemError `file.refused` or `host.failed`. */
export async function readRootFile(path: string): Promise<RootFile | null> {
  const { words, content } = await ask(`read ${path}`, null, path);
  if (words === 'none') return null;
  const [, seconds, size] = /^ok (\d+) (\d+)$/.exec(words) ?? [];
  if (size === undefined) throw new ProblemError('host.failed', { detail: `${path} could not be read.` });
  return { content, size: Number(size), modifiedAt: new Date(Number(seconds) * 1000) };
}

/** Whole or not at all. Throws ProblemError `file.refused` or `host.failed`. */
export async function writeRootFile(path: string, text: string): Promise<void> {
  const content = Buffer.from(text);
  await ask(`write ${path} ${content.length}`, content, path);
}
