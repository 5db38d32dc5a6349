import type { Instance } from '@moru/types';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFailureWords } from '../../http/failure-words.ts';
import { Banner } from '../../ui/banner.tsx';
import { buttonLook } from '../../ui/button.tsx';

/** In the place of the state strip: that commands are made here and nothing else, and the way to an agent. */
export function GeneratorStrip({ instance, error }: { instance: Instance; error: unknown }) {
  const { t } = useTranslation();
  const words = useFailureWords();
  return (
    <div
      // on a phone the rules and the way to copy them need the height
      className="max-h-[26dvh] flex-none overflow-auto px-4 py-3 narrow:max-h-none narrow:px-5"
      data-testid="generator"
    >
      <Banner
        tone="info"
        stacked
        title={t('generator.title')}
        actions={
          <Link
            to="/hosts"
            search={{ host: instance.id, task: 'enrol' }}
            className={buttonLook({ size: 'sm' })}
          >
            {t('generator.enrol')}
          </Link>
        }
      >
        <p>
          {words(error).message} {t('generator.text')}
        </p>
        <ol className="mt-1 list-decimal pl-5">
          <li>{t('generator.stepToken')}</li>
          <li>{t('generator.stepRun')}</li>
          <li>{t('generator.stepApprove')}</li>
        </ol>
      </Banner>
    </div>
  );
}
