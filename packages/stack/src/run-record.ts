import { readFileSync } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface RecordedProcess {
  name: string;
  pid: number;
  /** clock ticks from boot to the process's start: with the pid it names one process for good */
  startedAt: string;
}

interface RunRecord {
  stack: RecordedProcess;
  address: string | null;
  processes: RecordedProcess[];
}

/** Written beside the data while an installation runs, so that a later start can sweep what a killed one left. */
export interface OpenRun {
  add(name: string, pid: number | undefined): void;
  address(url: string): void;
  close(): Promise<void>;
}

export async function openRun(base: string): Promise<OpenRun> {
  const path = join(base, 'run.json');
  const stack = identify('stack', process.pid);
  if (!stack) throw new Error('cannot read the start time of this process');
  const record: RunRecord = { stack, address: null, processes: [] };
  await claim(path, record);
  let writing = Promise.resolve();
  const write = () => {
    const text = JSON.stringify(record, null, 2);
    writing = writing
      .then(async () => {
        await writeFile(`${path}.new`, text);
        await rename(`${path}.new`, path);
      })
      // a full disk: the record is older than it might be, and everything it names is tied to this process anyway
      .catch(() => {});
  };
  return {
    add(name, pid) {
      const known = pid === undefined ? undefined : identify(name, pid);
      if (!known) return;
      record.processes = [...record.processes.filter((old) => isRunning(old)), known];
      write();
    },
    address(url) {
      record.address = url;
      write();
    },
    async close() {
      await writing;
      await rm(path, { force: true });
    },
  };
}

const claimTries = 20;
const claimPauseMs = 100;

/** Writes the first record; of two starts at the same moment one finds the other's. */
async function claim(path: string, record: RunRecord): Promise<void> {
  for (let tries = 0; tries < claimTries; tries += 1) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, claimPauseMs));
    await sweep(path);
    try {
      await writeFile(path, JSON.stringify(record, null, 2), { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  throw new Error(`${path} is being written by another start`);
}

/** Ends what a killed run left behind; refuses to go on while that run is alive. */
async function sweep(path: string): Promise<void> {
  let record: RunRecord;
  try {
    record = JSON.parse(await readFile(path, 'utf8')) as RunRecord;
  } catch (error) {
    // not JSON: cut short by a crash of the machine, which no process outlived, or written at this moment
    if (error instanceof SyntaxError && (await isOld(path))) await rm(path, { force: true });
    return;
  }
  if (isRunning(record.stack)) {
    const where = record.address ? ` at ${record.address}` : '';
    throw new Error(`this installation runs already${where} (process ${record.stack.pid})`);
  }
  for (const left of record.processes) {
    if (isRunning(left)) process.kill(left.pid, 'SIGKILL');
  }
  await rm(path, { force: true });
}

const writtenWithinMs = 1_000;

async function isOld(path: string): Promise<boolean> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs > writtenWithinMs,
    () => false,
  );
}

function isRunning(recorded: RecordedProcess): boolean {
  return identify(recorded.name, recorded.pid)?.startedAt === recorded.startedAt;
}

/** Field 22 of /proc/PID/stat (proc(5)), counted from behind the name, which may hold blanks. */
function identify(name: string, pid: number): RecordedProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const startedAt = fields[19];
    return startedAt === undefined || fields[0] === 'Z' ? undefined : { name, pid, startedAt };
  } catch {
    // no /proc (macOS): the pid alone, which is only as good as its age
    return process.platform === 'linux' || !answersToSignal(pid) ? undefined : { name, pid, startedAt: '' };
  }
}

function answersToSignal(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
