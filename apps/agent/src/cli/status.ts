import packageFile from '../../package.json' with { type: 'json' };
import { readDrift } from '../boot/drift.ts';
import { findLoaders } from '../boot/loaders.ts';
import { readRestoreRecord } from '../boot/routes.ts';
import { enrolmentWords } from '../enrol/status.ts';
import { listGenerations } from '../generations/store.ts';
import { listEntries } from '../trial/arbiter.ts';
import type { TrialHost } from '../trial/host.ts';
import { readTrial } from '../trial/record.ts';
import { isOpen } from '../trial/recover.ts';
import { restoreWords, trialWords } from './words.ts';

/** What waits, what was confirmed, what the next boot loads: in words, without the agent. */
export async function readStatus(host: TrialHost): Promise<string> {
  const { stateFolder } = host.config;
  const entries = await listEntries(host.trials);
  const trials = await Promise.all(
    entries.map(async (entry) => ({ entry, trial: await readTrial(host.trials, entry).catch(() => null) })),
  );
  const lines: string[] = [await enrolmentWords(host.config), ...versionWords(process.env)];
  const open = trials.find(({ entry }) => isOpen(entry))?.trial;
  lines.push(open ? trialWords(open) : 'No change waits to be confirmed.');
  const ended = trials.flatMap(({ entry, trial }) => (trial && !isOpen(entry) ? trial : []));
  const last = ended.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))[0];
  if (last) lines.push(`Last: ${trialWords(last)}`);
  const [generation] = await listGenerations(stateFolder);
  if (generation) lines.push(`Last confirmed rules: generation ${generation.number} of ${generation.at}.`);
  for (const { family, saved } of await readDrift(host)) {
    if (saved === null) lines.push(`${family}: the rules cannot be read.`);
    else if (!saved.exists) lines.push(`${family}: nothing is saved in ${saved.path}.`);
    else
      lines.push(`${family}: ${saved.path} ${saved.matches ? 'holds' : 'DOES NOT HOLD'} the rules that run.`);
  }
  const loaders = await findLoaders();
  for (const { name, active, reason } of loaders) {
    lines.push(`At boot: ${name} ${active ? 'loads rules' : 'loads nothing'} (${reason}).`);
  }
  if (!loaders.some(({ active }) => active)) lines.push('At boot: nothing loads rules.');
  const restored = await readRestoreRecord(stateFolder);
  if (restored) lines.push(`At the last boot (${restored.at}):`, restoreWords(restored));
  return lines.join('\n');
}

/** Where packaging/lib/start runs the version before: packaging/lib/watch has left the installed one for it. */
function versionWords({ MORU_AGENT_PASSED_OVER: passedOver }: NodeJS.ProcessEnv): string[] {
  if (!passedOver) return [];
  const words = `Version ${passedOver} is installed and did not work: ${packageFile.version} runs in its place.`;
  return [`${words} Installing another one gives that its chance.`];
}
