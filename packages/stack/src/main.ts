import { fileURLToPath } from 'node:url';
import { endOnSignals } from './ending.ts';
import { consolePort, type Installation, startInstallation } from './installation.ts';
import { readOptions, usage } from './options.ts';
import { accountLines, outsideNote, simulationNote } from './words.ts';

const root = fileURLToPath(new URL('../../../.moru', import.meta.url));
const name = 'default';
const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    say(usage('npm start', name, consolePort));
    return;
  }
  let stopping = false;
  const ending = endOnSignals().then(() => {
    stopping = true;
  });
  const started = performance.now();
  const installation = await startInstallation(readOptions(process.argv.slice(2), root, name), say);
  const seconds = (performance.now() - started) / 1_000;
  if (!stopping) announce(installation, seconds);
  await ending;
  say('\nstopping …');
  await installation.close();
  say('stopped; nothing is left running');
  process.exit(0);
}

function announce({ url, accounts, hosts, folders }: Installation, seconds: number): void {
  // in one piece: whoever waits for the address has everything once it is there
  say(
    `\n  Moru is ready (${seconds.toFixed(1)} s):  ${url}\n\n` +
      simulationNote(hosts) +
      outsideNote(hosts) +
      `  Seeded accounts of the embedded cloud (also buttons on the sign-in page):\n${accountLines(accounts)}\n` +
      `  Logs: ${folders.logs}    Ctrl-C stops everything.`,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`Moru did not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
