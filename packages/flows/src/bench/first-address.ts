// How long somebody new takes from the README to a connected Public IP, in seconds: its commands in a fresh clone, then the
// console as it leads, by mouse and in Korean, and last the command that `npm start` printed. Prints one number.
// first-address.ts
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium, expect, type Page } from '@playwright/test';

const repository = fileURLToPath(new URL('../../../..', import.meta.url));
/** From the page's head to its two commands. */
const readmeMs = 15_000;
/** What somebody who has not seen a screen before takes to read it and to find what to press. */
const readMs = 5_000;
/** Longer than the limit of the figure, so that a miss is measured and not only said. */
const mostMs = 300_000;

const read = () => sleep(readMs);

const began = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'moru-newcomer-'));
try {
  await sleep(readmeMs);
  execFileSync('git', ['clone', '--quiet', repository, folder], { timeout: mostMs });
  const child = spawn('npm', ['start'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  try {
    const { url, ask } = await printed(child);
    const browser = await chromium.launch({
      executablePath: process.env.MORU_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    });
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      const answer = execFileSync('sh', ['-c', ask.replace('PUBLIC_IP', await connect(page, url))], {
        encoding: 'utf8',
        timeout: 10_000,
      });
      if (!answer.includes('web-01')) throw new Error(`something else answered: ${answer}`);
      process.stdout.write(((performance.now() - began) / 1_000).toFixed(1));
    } finally {
      await browser.close();
    }
  } finally {
    await stopped(child);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Signs in and connects a new address to web-01; answers it. */
async function connect(page: Page, url: string): Promise<string> {
  await page.goto(url);
  await read();
  await page.getByTestId('seeded-admin').click();
  const row = page.getByTestId('instance-row').filter({ hasText: 'web-01' });
  await row.waitFor();
  await read();
  await row.getByTestId('instance-menu').click();
  await read();
  await page.getByRole('menuitem', { name: 'Public IP 연결' }).first().click();
  const dialog = page.getByTestId('connect-dialog');
  await dialog.waitFor();
  await read();
  await dialog.getByRole('button', { name: '확인' }).click();
  await expect(page.getByTestId('toast')).toContainText(['Public IP를 연결했습니다'], { timeout: 30_000 });
  await read();
  return (await row.getByText(/^203\.0\.113\.\d+$/).textContent()) ?? '';
}

/** The address and the command that `npm start` prints once it is ready. */
async function printed(child: ChildProcess): Promise<{ url: string; ask: string }> {
  let output = '';
  const keep = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  while (performance.now() - began < mostMs && child.exitCode === null) {
    const url = /Moru is ready.*?(http:\/\/\S+)/.exec(output)?.[1];
    const ask = /as root:\s+(.+)/.exec(output)?.[1];
    if (url && ask) return { url, ask };
    await sleep(100);
  }
  throw new Error(`npm start did not get ready:\n${output}`);
}

/** Ctrl-C reaches everything that was started, as at a terminal. */
async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  process.kill(-child.pid, 'SIGINT');
  await ended;
}
