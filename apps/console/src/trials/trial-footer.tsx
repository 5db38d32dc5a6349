import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import type { Acknowledged } from './use-acknowledgement.tsx';

interface TrialFooterProps {
  /** the way back to where the change is made */
  back: ReactNode;
  start: Pick<UseMutationResult<unknown, Error, void>, 'error' | 'isPending' | 'mutate'>;
  known: Acknowledged;
  /** why it cannot be tried now; null where it can */
  reason: string | null;
  /** seconds */
  wait: number;
}

/** Foot of every review: back, what is to be acknowledged, and the press that tries it. */
export function TrialFooter({ back, start, known, reason, wait }: TrialFooterProps) {
  const { t } = useTranslation();
  return (
    <footer className="flex flex-none flex-wrap items-center gap-3 border-t border-line-strong bg-surface px-4 py-3.5 narrow:px-12">
      {back}
      <span className="flex-1" />
      {start.error && <FailureNotice error={start.error} className="max-w-xl" />}
      {known.fields}
      <Button
        look={known.lost ? 'bad' : 'heat'}
        data-testid="start-trial"
        reason={reason}
        reasonAt="above-end"
        isPending={start.isPending}
        onPress={() => start.mutate()}
      >
        {known.lost ? t('review.startKnowing') : t('review.start', { seconds: wait })}
      </Button>
    </footer>
  );
}
