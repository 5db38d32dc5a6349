import { useTranslation } from 'react-i18next';
import { worstPath } from '../../trials/worst-path.ts';
import { State } from '../../ui/badge.tsx';
import type { DraftCheck } from '../checks/use-draft-check.ts';

// beside the button on a phone
const wraps = 'max-narrow:whitespace-normal';

/** "● 접속 유지", "▲ 확인할 수 없음", "■ 내 SSH가 끊깁니다": as the host itself judged the draft. */
export function WorstCheck({ check }: { check: DraftCheck }) {
  const { t } = useTranslation();
  const { answer, error, isChecking } = check;
  const wrong = answer ? [...(answer.ipv4?.errors ?? []), ...(answer.ipv6?.errors ?? [])].length : 0;
  const worst = answer && worstPath(answer);
  return (
    <span data-testid="worst-check" aria-live="polite" className="flex min-w-0 items-center gap-2">
      {isChecking && <span className="text-12 text-fg-3">{t('worst.checking')}</span>}
      {!isChecking && error !== null && (
        <State kind="unknown" strong className={wraps}>
          {t('worst.unreachable')}
        </State>
      )}
      {!isChecking && wrong > 0 && (
        <State kind="lost" strong className={wraps}>
          {t('worst.wrong', { count: wrong })}
        </State>
      )}
      {!isChecking && wrong === 0 && worst && (
        <>
          <State
            kind={
              worst.draft.state === 'lost' ? 'lost' : worst.draft.state === 'unknown' ? 'unknown' : 'good'
            }
            strong
            className={wraps}
          >
            {worst.draft.state === 'lost'
              ? t(`worst.lost.${worst.path}`)
              : t(worst.draft.state === 'unknown' ? 'worst.unknown' : 'worst.kept')}
          </State>
          {worst.draft.state === 'unknown' && (
            <span className="text-12 text-fg-2">{t(`access.${worst.path}`)}</span>
          )}
        </>
      )}
    </span>
  );
}
