import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { identityOf } from './identity.ts';
import { type Command, dropReady, keepReady, refillReady, takeReady } from './standby.ts';
import { ProgramMissing, runProgram, startProgram } from './start.ts';

// a busy machine is waited for
const soon = { timeout: 20_000 };

const limits = { timeoutMs: 5_000, maxBytes: 1024 };

/** Resolves when all of these wait for their word. */
async function ready(...commands: Command[]): Promise<void> {
  keepReady(commands);
  await vi.waitFor(async () => expect(await waitingShells()).toBe(commands.length), { timeout: 5_000 });
}

/** How many children of this process are shells that wait. */
async function waitingShells(): Promise<number> {
  const children = await Promise.all(
    (await readdir('/proc/self/task')).map((task) =>
      readFile(`/proc/self/task/${task}/children`, 'utf8').catch(() => ''),
    ),
  );
  const lines = await Promise.all(
    children
      .join(' ')
      .split(' ')
      .filter(Boolean)
      .map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes('read -r word')).length;
}

afterEach(() => dropReady());

describe('a program that was kept ready', () => {
  it('runs as one that is started: arguments, stdin, exit code, and nothing but a PATH around it', async () => {
    const odd = ['$(id)', 'a b', "'; reboot", '\n', '*'];
    await ready(
      ['/usr/bin/printf', '[%s]', ...odd],
      ['/bin/cat'],
      ['/usr/bin/env'],
      ['/bin/cat', '/nowhere'],
    );
    const { stdout } = await runProgram('/usr/bin/printf', ['[%s]', ...odd], limits);
    expect(stdout).toBe(odd.map((each) => `[${each}]`).join(''));
    expect((await runProgram('/bin/cat', [], limits, 'first\nsecond')).stdout).toBe('first\nsecond');
    expect((await runProgram('/usr/bin/env', [], limits)).stdout).toBe(
      'PATH=/usr/sbin:/sbin:/usr/bin:/bin\n',
    );
    expect(await runProgram('/bin/cat', ['/nowhere'], limits)).toMatchObject({ exitCode: 1, stdout: '' });
    // all four were taken, and none was made anew
    expect(await waitingShells()).toBe(0);
  });

  it('keeps the number and the start by which whoever puts rules back would know it', async () => {
    await ready(['/bin/sleep', '30']);
    const child = await startProgram('/bin/sleep', ['30'], limits);
    const before = identityOf(child.pid);
    await vi.waitFor(
      async () => expect(await readFile(`/proc/${child.pid}/cmdline`, 'utf8')).toBe('/bin/sleep\u000030\0'),
      soon,
    );
    expect(identityOf(child.pid)).toEqual(before);
    child.kill();
    expect(await child.outcome).toMatchObject({ exitCode: null });
  });

  it('is killed when it takes too long, and waits without its time running', async () => {
    await ready(['/bin/sleep', '60'], ['/bin/sleep', '0.2']);
    await delay(300);
    expect(await runProgram('/bin/sleep', ['0.2'], { ...limits, timeoutMs: 2_000 })).toMatchObject({
      exitCode: 0,
      timedOut: false,
    });
    expect(await runProgram('/bin/sleep', ['60'], { ...limits, timeoutMs: 50 })).toMatchObject({
      exitCode: null,
      timedOut: true,
    });
  });

  it('is there as often as it was listed, and again after a refill', async () => {
    const command = ['/bin/true'] as const;
    await ready(command, command);
    expect(takeReady(command)).not.toBeNull();
    expect(takeReady(command)).not.toBeNull();
    expect(takeReady(command)).toBeNull();
    expect(takeReady(['/bin/true', 'otherwise'])).toBeNull();
    refillReady();
    await vi.waitFor(async () => expect(await waitingShells()).toBe(2), soon);
    dropReady();
    await vi.waitFor(async () => expect(await waitingShells()).toBe(0), soon);
    expect(takeReady(command)).toBeNull();
  });

  it('is started anew where it was ended meanwhile, or its file is another one or has gone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'moru-standby-'));
    try {
      const program = join(folder, 'program');
      await writeFile(program, '#!/bin/sh\necho here\n');
      await chmod(program, 0o755);
      await ready([program]);
      const child = takeReady([program]);
      child?.kill('SIGKILL');
      expect((await runProgram(program, [], limits)).stdout).toBe('here\n');
      await ready([program]);
      // another file under the same name: what waits would run it, but nobody has seen it run
      await rename(program, `${program}.away`);
      await writeFile(program, '#!/nowhere\n');
      await chmod(program, 0o755);
      await expect(runProgram(program, [], limits)).rejects.toBeInstanceOf(ProgramMissing);
      await rm(program);
      await expect(runProgram(program, [], limits)).rejects.toBeInstanceOf(ProgramMissing);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

it('does nothing and goes when the process that kept it ready is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'moru-standby-'));
  try {
    const module = JSON.stringify(join(import.meta.dirname, 'standby.ts'));
    const touch = JSON.stringify(['/usr/bin/touch', join(folder, 'ran')]);
    const script = `const { keepReady } = await import(${module}); keepReady([${touch}]); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    const children = async () =>
      (await readFile(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8')).trim();
    await vi.waitFor(async () => expect(await children()).not.toBe(''), { timeout: 10_000 });
    const pid = Number(await children());
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await vi.waitFor(() => expect(identityOf(pid)).toBeNull(), soon);
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
