import type { ChangeChecked } from '@moru/types';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { cx } from '../ui/cx.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import type { TrialSubject } from './subject.ts';
import { knowsAdministrator, worstPath } from './worst-path.ts';

const looks = {
  lost: { box: 'border-bad-line bg-bad-tint text-bad', icon: 'lost' },
  unknown: { box: 'border-warn-line bg-warn-tint text-warn', icon: 'unknown' },
  kept: { box: 'border-good-line bg-good-tint text-good', icon: 'ok' },
  checking: { box: 'border-line bg-surface text-fg-2', icon: 'half' },
} as const satisfies Record<string, { box: string; icon: IconName }>;

interface VerdictProps {
  check: {
    answer: ChangeChecked | null;
    error: unknown;
    isChecking: boolean;
  };
  hostname: string;
  subject: TrialSubject;
}

/** The verdict in one line: what the change does to the ways into the host. */
export function Verdict({ check, hostname, subject }: VerdictProps) {
  const { t } = useTranslation();
  const { answer, error, isChecking } = check;
  const worst = answer ? worstPath(answer) : null;
  const state =
    isChecking || (!answer && !error)
      ? 'checking'
      : !worst || worst.draft.state === 'none'
        ? 'unknown'
        : worst.draft.state;
  const look = looks[state];
  return (
    <section
      aria-label={t('review.verdict')}
      aria-live="polite"
      data-testid="verdict"
      data-state={state}
      className={cx(
        'flex min-h-[52px] flex-wrap items-center gap-x-3 gap-y-1 rounded-4 border px-4 py-2.5',
        look.box,
      )}
    >
      <Icon name={look.icon} size={20} />
      <b className="text-18">
        {state === 'lost' && worst
          ? t('review.danger', { what: t(`worst.lost.${worst.path}`) })
          : t(`review.verdicts.${state === 'lost' ? 'unknown' : state}`)}
      </b>
      <span className="text-fg-2">
        {state === 'kept' && answer && keptWords(answer.access, hostname, t)}
        {state === 'unknown' &&
          (worst ? t('review.unknownText', { way: t(`access.${worst.path}`) }) : t('review.notJudged'))}
        {state === 'lost' && t(`review.lostText.${subject}`)}
      </span>
    </section>
  );
}

/** What is said to stay is what was looked at. */
function keptWords(access: ChangeChecked['access'], hostname: string, t: TFunction): string {
  if (!knowsAdministrator(access)) return t('review.keptByConsole', { hostname });
  const isCut = access?.paths.some(({ path, draft }) => path === 'consoleSsh' && draft.state === 'lost');
  return t(isCut ? 'review.keptButSsh' : 'review.keptText', { hostname });
}
