import { fileURLToPath } from 'node:url';
import { type Installation, startInstallation } from './installation.ts';
import { readOptions, usage } from './options.ts';

const root = fileURLToPath(new URL('../../../.moru', import.meta.url));
const secondAskMs = 1_000;
const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    say(usage);
    return;
  }
  let stopping = false;
  const ending = endOnSignals().then(() => {
    stopping = true;
  });
  const started = performance.now();
  const installation = await startInstallation(readOptions(process.argv.slice(2), root), say);
  const seconds = (performance.now() - started) / 1_000;
  if (!stopping) announce(installation, seconds);
  await ending;
  say('\nstopping …');
  await installation.close();
  say('stopped; nothing is left running');
  process.exit(0);
}

function announce({ url, accounts, hosts, folders }: Installation, seconds: number): void {
  const simulated = `  Hosts are SIMULATED (${hosts.reason}): rules change in memory only.\n\n`;
  const keys = accounts.map(
    ({ name, accessKeyId, secret }) =>
      `    ${name.padEnd(7)} access key ID ${accessKeyId}   secret ${secret}\n`,
  );
  // in one piece: whoever waits for the address has everything once it is there
  say(
    `\n  Moru is ready (${seconds.toFixed(1)} s):  ${url}\n\n` +
      (hosts.kind === 'simulated' ? simulated : '') +
      `  Seeded accounts of the embedded cloud (also buttons on the sign-in page):\n${keys.join('')}\n` +
      `  Logs: ${folders.logs}    Ctrl-C stops everything.`,
  );
}

/**
 * Resolves at the first Ctrl-C, SIGTERM or hang-up, or when the process that started this one is gone.
 * A second Ctrl-C does not wait: everything is tied to this process and ends with it.
 */
function endOnSignals(): Promise<void> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    const ask = () => {
      // one Ctrl-C may arrive twice, from the terminal and from the process above
      if (askedAt !== undefined && performance.now() - askedAt > secondAskMs) process.exit(130);
      askedAt ??= performance.now();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
    process.once('disconnect', () => resolve());
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`Moru did not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
