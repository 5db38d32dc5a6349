import { type ChildProcess, spawn } from 'node:child_process';
import type { WatchSource } from '@moru/types';
import { log } from '../log.ts';
import { programFolders } from '../process/find.ts';
import { tiedCommand } from '../process/tied.ts';

/** A program that tells of changes on its output for as long as it runs. */
export interface Teller {
  program: string;
  args: readonly string[];
  /** what it says on its stderr once no change escapes it any more; one that says nothing is believed after `settledMs` */
  ready?: string;
}

/** Why there is no such program; `off` where there is nothing to be told either. */
export interface Absent {
  reason: string;
  off: boolean;
}

/** How it is watched, and why so. */
export type SourceState = Pick<WatchSource, 'how' | 'reason'>;

export interface Source {
  state(): SourceState;
  /** to be called when what is watched is not there any more */
  restart(): void;
  close(): void;
}

/** Between two starts of a program that ends; the second is the most that they grow to. */
const pauseMs = { first: 1_000, longest: 60_000 };
/** One that ran for so long was in order, whatever ended it. */
const soundMs = 60_000;
/** By then a program that was started listens, unless the machine is very busy; whatever was missed is seen then. */
const settledMs = [2_000, 10_000] as const;
/** Of what it said last, for its errors. */
const maxWords = 200;

/**
 * Keeps a program running that tells of changes, and passes on what it says; it ends with us, whatever ends us. `find`
 * is asked before each start.
 * Between two runs a change may go unseen, and so may one while a program begins to listen: each start counts as a
 * change, once that is done.
 */
export function follow(
  what: string,
  find: () => Promise<Teller | Absent>,
  told: (text: string) => void,
): Source {
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  let pause = pauseMs.first;
  let absent: Absent | null = { reason: 'it is being started', off: false };

  const again = () => {
    if (closed) return;
    timer = setTimeout(start, pause).unref();
    pause = Math.min(pause * 2, pauseMs.longest);
  };

  const start = async () => {
    const teller = await find();
    if (closed) return;
    if ('off' in teller) {
      absent = teller;
      return again();
    }
    const [program, ...args] = await tiedCommand(teller.program, teller.args);
    if (closed) return;
    const began = performance.now();
    let said = '';
    child = spawn(program, args, {
      env: { PATH: programFolders.join(':') },
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const listens = () => {
      absent = null;
      told('');
    };
    const settling = settledMs.map((ms) => setTimeout(listens, ms).unref());
    child.once('spawn', () => {
      if (!teller.ready) listens();
    });
    child.once('error', (error) => {
      said = error.message;
    });
    child.stdout?.setEncoding('utf8').on('data', told);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-maxWords);
      if (!teller.ready || !said.includes(teller.ready)) return;
      said = '';
      listens();
    });
    child.once('close', (exitCode) => {
      for (const each of settling) clearTimeout(each);
      child = null;
      if (closed) return;
      const reason = `${teller.program} ended (${exitCode ?? 'by a signal'}) ${said.trim()}`.trim();
      absent = { reason, off: false };
      log.info('a watch ended', { what, reason });
      if (performance.now() - began > soundMs) pause = pauseMs.first;
      again();
    });
  };
  void start();

  return {
    state: () => ({
      how: absent === null ? 'events' : absent.off ? 'off' : 'polling',
      reason: absent?.reason ?? null,
    }),
    restart: () => child?.kill('SIGKILL'),
    close: () => {
      closed = true;
      if (timer) clearTimeout(timer);
      child?.kill('SIGKILL');
    },
  };
}
