import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type EnrolProgress, instanceOf } from '@moru/enrolment';
import { printFingerprint } from '@moru/types';
import { type Command, UsageError } from '../cli/command.ts';
import { type Config, readConfig } from '../config.ts';
import { messageOf } from '../log.ts';
import { joinInstallation } from './join.ts';
import { runsHere } from './presence.ts';
import { isServed } from './served.ts';

interface EnrolWish {
  server: string;
  token: string;
  waitMs: number;
}

const maximumWaitSeconds = 86_400;
/** The running agent takes a second to see the new certificate; a busy host longer. */
const servedMs = 30_000;

/** `moru-agent enrol`: for root at the host's own console, and the only way back for a host that lost its enrolment. */
export const enrolCommand: Command = {
  words: 'makes this host known to a console',
  more: 'The console shows the whole command with its token, which works once. What it prints is to be compared there.',
  options: [
    { option: '--server https://HOST:PORT', words: 'where the console lets hosts enrol' },
    { option: '--token TOKEN', words: 'what the console gave for this host' },
    { option: '--token-file FILE', words: 'the same from a file, so that it stands in no list of processes' },
    { option: '--wait SECONDS', words: 'how long to wait for approval (900)' },
  ],
  run: async (args, environment) => {
    const wish = await readWish(args);
    const text = await enrolHost(readConfig(environment), wish, (words) => process.stdout.write(words));
    return { text, exitCode: 0 };
  },
};

async function readWish(args: readonly string[]): Promise<EnrolWish> {
  const { server, token, 'token-file': file, wait = '900' } = readOptions(args);
  if (!server) throw new UsageError('--server is missing');
  if ((token === undefined) === (file === undefined)) {
    throw new UsageError('give one of --token and --token-file');
  }
  const seconds = Number(wait);
  if (!/^\d+$/.test(wait) || seconds > maximumWaitSeconds) {
    throw new UsageError(`--wait takes 0 to ${maximumWaitSeconds} seconds`);
  }
  return { server, token: token ?? (await readFile(file ?? '', 'utf8')).trim(), waitMs: seconds * 1_000 };
}

function readOptions(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = { server: text, token: text, 'token-file': text, wait: text };
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

async function enrolHost(config: Config, wish: EnrolWish, say: (text: string) => void): Promise<string> {
  const progress = (step: EnrolProgress) => say(`${progressWords(step)}\n`);
  const { certificate } = await joinInstallation(config, { ...wish, progress });
  const until = new Date(new X509Certificate(certificate).validTo).toISOString();
  const outcome = `Enrolled as instance ${instanceOf(certificate)}, certificate until ${until}.`;
  return `${outcome}\n${await serviceWords(config, certificate)}`;
}

async function serviceWords(config: Config, certificate: string): Promise<string> {
  if (!(await runsHere(config))) return 'No agent runs here: it takes the certificate when it starts.';
  return (await isServed(config, certificate, servedMs))
    ? 'The agent answers with the new certificate.'
    : 'The agent runs, but does not answer with the new certificate: its log says why.';
}

function progressWords(progress: EnrolProgress): string {
  if (progress.step === 'verified') {
    return `The server belongs to the installation that made the token. Its authority:\n  ${printFingerprint(progress.authority)}`;
  }
  return [
    "This host's fingerprint, to be compared with the one that the console shows:",
    `  ${printFingerprint(progress.fingerprint)}`,
    `Waiting for approval, at most ${Math.round(progress.untilMs / 1_000)} s …`,
  ].join('\n');
}
