import { execFileSync } from 'node:child_process';
import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRulesFile, writeRulesFile } from './rules-file.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-rules-'));
  path = join(folder, 'iptables.rules');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const refused = { problem: { code: 'file.refused' } };

describe('writeRulesFile', () => {
  it('makes the file, private, with nothing left beside it', async () => {
    await writeRulesFile(path, 'rules\n');
    expect(await readFile(path, 'utf8')).toBe('rules\n');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['iptables.rules']);
  });

  it('replaces the file rather than writing into it', async () => {
    await writeFile(path, 'old', { mode: 0o644 });
    const before = (await stat(path)).ino;
    await writeRulesFile(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).ino).not.toBe(before);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('takes away what a killed save left behind, without following it', async () => {
    const victim = join(folder, 'victim');
    await writeFile(victim, 'precious');
    await symlink(victim, join(folder, '.iptables.rules.moru-new'));
    await writeRulesFile(path, 'rules');
    expect(await readFile(victim, 'utf8')).toBe('precious');
    expect((await readdir(folder)).sort()).toEqual(['iptables.rules', 'victim']);
  });

  it('T17: refuses a symbolic link, also a broken one', async () => {
    const victim = join(folder, 'victim');
    await symlink(victim, path);
    await expect(writeRulesFile(path, 'rules')).rejects.toMatchObject(refused);
    await writeFile(victim, 'precious');
    await expect(writeRulesFile(path, 'rules')).rejects.toMatchObject(refused);
    expect(await readFile(victim, 'utf8')).toBe('precious');
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
  });

  it('T17: refuses a fifo and a folder', async () => {
    execFileSync('mkfifo', [path]);
    await expect(writeRulesFile(path, 'rules')).rejects.toMatchObject(refused);
    await rm(path);
    await mkdir(path);
    await expect(writeRulesFile(path, 'rules')).rejects.toMatchObject(refused);
  });

  it.runIf(process.geteuid?.() === 0)('T17: refuses what belongs to somebody else', async () => {
    await writeFile(path, 'theirs');
    await chown(path, 65_534, 65_534);
    await expect(writeRulesFile(path, 'rules')).rejects.toMatchObject(refused);
    await rm(path);
    await chown(folder, 65_534, 65_534);
    await expect(writeRulesFile(path, 'rules')).rejects.toMatchObject(refused);
    expect(await readdir(folder)).toEqual([]);
  });

  it('T17: refuses a file with another name', async () => {
    await writeFile(path, 'shared');
    await link(path, join(folder, 'other'));
    await expect(writeRulesFile(path, 'rules')).rejects.toMatchObject(refused);
    expect(await readFile(path, 'utf8')).toBe('shared');
  });

  it('T17: refuses a folder that others may change, or that is reached by a link', async () => {
    const linked = `${folder}-link`;
    await symlink(folder, linked);
    await expect(writeRulesFile(join(linked, 'iptables.rules'), 'x')).rejects.toMatchObject(refused);
    await rm(linked);
    await chmod(folder, 0o777);
    await expect(writeRulesFile(path, 'rules')).rejects.toMatchObject(refused);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says so when the folder is not there', async () => {
    const nowhere = join(folder, 'no', 'iptables.rules');
    await expect(writeRulesFile(nowhere, 'x')).rejects.toMatchObject({
      problem: { code: 'host.failed', upstream: 'ENOENT' },
    });
  });
});

describe('readRulesFile', () => {
  it('reads a file and knows its absence', async () => {
    expect(await readRulesFile(path)).toBeNull();
    await writeFile(path, 'rules');
    expect(await readRulesFile(path)).toMatchObject({ text: 'rules', truncated: false });
  });

  it('follows no link and waits on no fifo', async () => {
    await symlink('/etc/passwd', path);
    await expect(readRulesFile(path)).rejects.toMatchObject(refused);
    await rm(path);
    execFileSync('mkfifo', [path]);
    await expect(readRulesFile(path)).rejects.toMatchObject(refused);
  });
});
