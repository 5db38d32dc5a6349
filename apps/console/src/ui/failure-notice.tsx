import { useTranslation } from 'react-i18next';
import { useFailureWords } from '../http/failure-words.ts';
import { Banner } from './banner.tsx';
import { Button } from './button.tsx';

interface FailureNoticeProps {
  error: unknown;
  /** what stands there all the same, or what has not changed */
  note?: string;
  onRetry?: () => void;
  className?: string;
}

/** A failure where it happened: our sentence, the upstream's own words beneath, and the request's id. */
export function FailureNotice({ error, note, onRetry, className }: FailureNoticeProps) {
  const { t } = useTranslation();
  const words = useFailureWords()(error);
  return (
    <Banner
      tone="lost"
      role="alert"
      title={words.message}
      {...(className ? { className } : {})}
      actions={
        onRetry && (
          <Button size="sm" icon="sync" onPress={onRetry}>
            {t('common.retry')}
          </Button>
        )
      }
    >
      {note && <p>{note}</p>}
      {words.upstream && (
        <p className="mt-0.5 text-12 text-fg-2">
          {t('failure.upstream')}{' '}
          <span translate="no" className="font-mono">
            {words.upstream}
          </span>
        </p>
      )}
      {words.requestId && (
        <p className="mt-0.5 text-11 text-fg-3">
          {t('failure.requestId')}{' '}
          <span translate="no" className="font-mono">
            {words.requestId}
          </span>
        </p>
      )}
    </Banner>
  );
}
