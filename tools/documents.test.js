import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { root, toolEnv } from './lib/run.js';

const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
});
const pages = listed
  .toString()
  .split('\0')
  .filter((path) => path && existsSync(join(root, path)))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/**
 * Commands in a block marked `sh` are for anybody with a clone; other blocks need a server or a host, and the installation
 * page's are given on booted ones (apps/bff/packaging).
 */
const runnable = new Map(
  pages.flatMap(({ path, text }) =>
    [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, commands = '']) => [commands.trim(), path]),
  ),
);

test('there are pages, and commands to run', () => {
  expect(pages.length).toBeGreaterThan(15);
  expect(runnable.size).toBeGreaterThan(2);
});

test.each(pages)('$path links to what is there', ({ path, text }) => {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link.replace(/#.*/, ''));
  const local = links.filter((link) => link && !/^[a-z]+:/.test(link));
  expect(local.filter((link) => !existsSync(join(root, dirname(path), link)))).toEqual([]);
});

const english = pages.filter(({ path }) => path.endsWith('.en.md'));

test.each(english)('$path has the blocks of its Korean page', ({ path, text }) => {
  // what a block says beside a command is in the page's own language
  const blocks = (page) =>
    [...page.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block.replace(/\s+# .*/g, ''));
  const korean = pages.find((page) => page.path === path.replace('.en.md', '.md'));
  expect(blocks(text)).toEqual(blocks(korean?.text ?? ''));
});

test.each([...runnable])('runs as written: %s', { timeout: 300_000 }, async (commands, path) => {
  const ended = await new Promise((resolve) => {
    // Vitest sets BASE_URL, which the flows read as somebody's installation
    const { BASE_URL: _, ...env } = toolEnv();
    const options = { cwd: root, env, timeout: 290_000 };
    execFile('bash', ['-euo', 'pipefail', '-c', commands], options, (error, stdout, stderr) =>
      resolve({ path, code: error ? (error.code ?? 'cut off') : 0, said: error ? `${stdout}${stderr}` : '' }),
    );
  });
  expect(ended).toEqual({ path, code: 0, said: '' });
});
