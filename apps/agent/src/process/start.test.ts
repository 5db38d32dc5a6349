import { describe, expect, it } from 'vitest';
import { ProgramMissing, runProgram } from './start.ts';

const limits = { timeoutMs: 5_000, maxBytes: 1024 };

describe('runProgram', () => {
  it('gives the child nothing but a PATH', async () => {
    const { stdout, exitCode } = await runProgram('/usr/bin/env', [], limits);
    expect(exitCode).toBe(0);
    expect(stdout).toBe('PATH=/usr/sbin:/sbin:/usr/bin:/bin\n');
  });

  it('hands arguments over as they are', async () => {
    const odd = ['$(id)', 'a b', "'; reboot", '\n', '*'];
    const { stdout } = await runProgram('/usr/bin/printf', ['[%s]', ...odd], limits);
    expect(stdout).toBe(odd.map((each) => `[${each}]`).join(''));
  });

  it('feeds stdin and keeps stderr apart', async () => {
    expect((await runProgram('/bin/cat', [], limits, 'text')).stdout).toBe('text');
    const failed = await runProgram('/bin/cat', ['/nowhere'], limits);
    expect(failed).toMatchObject({ exitCode: 1, stdout: '' });
    expect(failed.stderr).toContain('No such file');
  });

  it('survives a child that does not read its stdin', async () => {
    expect((await runProgram('/bin/true', [], limits, 'x'.repeat(1_000_000))).exitCode).toBe(0);
  });

  it('cuts the output at its bound', async () => {
    const outcome = await runProgram('/usr/bin/seq', ['100000'], limits);
    expect(outcome).toMatchObject({ exitCode: 0, truncated: true });
    expect(outcome.stdout).toHaveLength(1024);
  });

  it('kills what takes too long', async () => {
    const outcome = await runProgram('/bin/sleep', ['60'], { ...limits, timeoutMs: 50 });
    expect(outcome).toMatchObject({ exitCode: null, timedOut: true });
  });

  it('says when the program is not there', async () => {
    await expect(runProgram('/nowhere/iptables', [], limits)).rejects.toBeInstanceOf(ProgramMissing);
  });
});
