import { readFileSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
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
  await sweep(path);
  const stack = identify('stack', process.pid);
  if (!stack) throw new Error('cannot read the start time of this process');
  const record: RunRecord = { stack, address: null, processes: [] };
  let writing = Promise.resolve();
  const write = () => {
    const text = JSON.stringify(record, null, 2);
    writing = writing.then(async () => {
      await writeFile(`${path}.new`, text);
      await rename(`${path}.new`, path);
    });
  };
  write();
  await writing;
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

/** Ends what a killed run left behind; refuses to go on while that run is alive. */
async function sweep(path: string): Promise<void> {
  let record: RunRecord;
  try {
    record = JSON.parse(await readFile(path, 'utf8')) as RunRecord;
  } catch {
    return; // no record, or one cut short by a crash of the machine: no process outlived that
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
