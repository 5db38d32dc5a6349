import type { RestoredFamily, RestoreRecord, RevertReason, Trial } from '@moru/types';

const reasons: Record<RevertReason, string> = {
  expired: 'nobody confirmed it in time',
  asked: 'somebody asked for it',
  probe: 'the console could not reach the host any more',
  mismatch: 'another program changed the rules at the same time',
  notApplied: 'it could not be applied',
  reboot: 'the host was started anew',
  agentStart: 'the agent ended in the middle of it',
};

/** How a trial stands, in a sentence or two. */
export function trialWords(trial: Trial): string {
  const what = `The change of ${trial.author}${trial.note === '' ? '' : ` (${trial.note})`}`;
  switch (trial.state) {
    case 'armed':
      return `${what} is about to be applied.`;
    case 'applied': {
      const seconds = Math.ceil((trial.remainingMs ?? 0) / 1000);
      return `${what} waits to be confirmed. In ${seconds} s the old rules come back; \`moru-agent rollback\` puts them back now.`;
    }
    case 'reverting':
      return `${what} is being reverted${trial.trouble === null ? '.' : `, so far without success: ${trial.trouble}`}`;
    case 'reverted':
      return `${what} was reverted${revertedWords(trial)}.`;
    case 'confirmed':
      return `${what} was confirmed${confirmedWords(trial)}.`;
  }
}

function revertedWords({ reverted }: Trial): string {
  if (!reverted) return '';
  const by = reverted.by === null ? '' : ` by the ${reverted.by}`;
  const at = reverted.at === null ? '' : ` at ${reverted.at}`;
  const full =
    reverted.connectionsFull === undefined
      ? ''
      : `; the host kept ${reverted.connectionsFull} connections, as many as it can, so nothing new got in whatever the rules are`;
  return `${by}${at}: ${reasons[reverted.reason]}${full}`;
}

function confirmedWords({ confirmed, save }: Trial): string {
  if (!confirmed) return '';
  const kept = confirmed.generation === null ? '' : `, generation ${confirmed.generation}`;
  const saved =
    confirmed.saved.length > 0
      ? ', saved for the next boot'
      : save
        ? ', NOT SAVED for the next boot'
        : ', not saved for the next boot';
  const trouble = confirmed.trouble === '' ? '' : ` (${confirmed.trouble})`;
  return ` at ${confirmed.at}${kept}${saved}${trouble}`;
}

/** What a boot loaded. */
export function restoreWords(record: RestoreRecord): string {
  const lines = (['ipv4', 'ipv6'] as const).map((family) => `${family}: ${familyWords(record[family])}`);
  return [
    ...(record.alarm ? ['ALARM: the saved rules could not be loaded as they are.'] : []),
    ...lines,
  ].join('\n');
}

function familyWords({ source, generation, problems }: RestoredFamily): string {
  const words = {
    kept: 'nothing was ever saved through Moru, so nothing was touched',
    file: 'the saved file was loaded',
    generation: `generation ${generation} was loaded`,
    minimal: 'a minimal set was loaded: SSH, the agent, and what was open before',
    none: 'NOTHING COULD BE LOADED',
  }[source];
  return [words, ...problems.map((problem) => `  ${problem}`)].join('\n');
}
