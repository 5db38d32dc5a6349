import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram } from './bundle.ts';
import { testNodes } from './testing/nodes.ts';

let folder: string;
let program: string;
let code: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-bundle-'));
  program = join(folder, 'moru-agent.mjs');
  ({ code } = await bundleProgram());
  await writeFile(program, code);
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

function run(node: string, args: string[], environment: NodeJS.ProcessEnv = {}) {
  return new Promise<{ exitCode: number; stdout: string; stderr: string }>((resolve) => {
    execFile(node, args, { env: environment, cwd: '/' }, (error, stdout, stderr) => {
      resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

it('is one file that takes nothing from outside but what every Node has', () => {
  const wanted = [
    ...code.matchAll(/(?:^import .*?from|^import|\bimport\(|\brequire\()\s*["']([^"']+)["']/gm),
  ];
  const names = wanted.map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !builtinModules.includes(name.replace(/^node:/, '')))).toEqual([]);
  expect(code).not.toContain(fileURLToPath(new URL('../../..', import.meta.url)));
});

it('is the same bytes every time', { timeout: 30_000 }, async () => {
  expect((await bundleProgram()).code).toBe(code);
});

// each call of a program takes a tenth of a second, on a busy machine a multiple
describe.each(testNodes())(
  'with Node $version',
  { timeout: 60_000 },
  ({ version, program: node, missing }) => {
    const moruAgent = (...args: string[]) => run(node, [program, ...args], { MORU_AGENT_STATE: folder });

    it.skipIf(missing)('says what it can do, and what it does not understand', async () => {
      expect((await run(node, ['--version'])).stdout).toBe(`v${version}\n`);
      expect(await moruAgent('--version')).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(new RegExp(`^moru-agent \\d+\\.\\d+\\.\\d+ on Node ${version}\n$`)),
      });
      const help = await moruAgent('help');
      expect(help).toMatchObject({ exitCode: 0, stderr: '' });
      for (const command of ['status', 'rollback', 'restore'])
        expect(help.stdout).toContain(`\n  ${command} `);
      expect(await moruAgent()).toMatchObject({ exitCode: 2, stdout: '', stderr: help.stdout });
      expect(await moruAgent('rolback')).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('no such command: rolback'),
      });
      expect(await moruAgent('rollback', 'now')).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(
          /^moru-agent rollback: now is not understood\nUsage: moru-agent rollback\n/,
        ),
      });
      expect(await moruAgent('status', '--help')).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('Usage: moru-agent status\n'),
      });
    });

    it.skipIf(missing)('names every setting that is wrong, and ends', async () => {
      const wrong = { MORU_AGENT_STATE: 'there', MORU_AGENT_LISTEN: 'here' };
      const { exitCode, stderr } = await run(node, [program, 'run'], wrong);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/MORU_AGENT_LISTEN[^\n]*\n.*MORU_AGENT_STATE/);
      expect(await run(node, [program, 'status'], wrong)).toMatchObject({ exitCode: 1, stdout: '' });
    });

    it.skipIf(missing)('has the arrays of ECMAScript 2023', async () => {
      const entry = fileURLToPath(new URL('../src/process/older-node.ts', import.meta.url));
      const only = join(folder, `arrays-${version}.mjs`);
      const { code: older } = await bundleProgram(entry);
      const probe = `
      const list = [3, 1, 2], bytes = Uint8Array.of(3, 1, 2);
      const refused = [3, -4, NaN].map((index) => { try { return list.with(index, 0); } catch (e) { return e.name; } });
      console.log(JSON.stringify([
        list.toSorted(), list.toSorted((a, b) => b - a), list.toReversed(), list.with(-1, 9), list.with(0, 9), refused,
        list.toSpliced(1, 1, 7, 8), list.toSpliced(1), list, Object.keys(list), typeof crypto.subtle,
        [...bytes.toSorted()], [...bytes.toReversed()], [...bytes.with(1, 9)], [...bytes],
      ]));`;
      await writeFile(only, `${older}\n${probe}`);
      const native = await run(process.execPath, ['--input-type=module', '-e', probe]);
      expect(await run(node, [only])).toEqual(native);
      expect(native.stdout).toContain('[1,2,3],[3,2,1],[2,1,3]');
    });
  },
);
