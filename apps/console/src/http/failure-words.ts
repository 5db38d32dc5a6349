import { problemCatalog } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { language } from '../shell/preferences.ts';
import { RequestError } from './request-error.ts';

export interface FailureWords {
  /** one sentence in the chosen language */
  message: string;
  /** what the system behind said, as it said it */
  upstream: string | undefined;
  requestId: string | undefined;
}

/** The one place where a failure becomes words. */
export function useFailureWords(): (error: unknown) => FailureWords {
  const { t } = useTranslation();
  return (error) => {
    if (!(error instanceof RequestError))
      return { message: t('failure.page'), upstream: undefined, requestId: undefined };
    const message = error.code === 'network' ? t('failure.network') : problemCatalog[error.code][language()];
    // a wrong key is the user's own: what the cloud says to it explains nothing
    const upstream = error.code === 'credentials.invalid' ? undefined : error.upstream;
    return { message, upstream, requestId: error.requestId };
  };
}
