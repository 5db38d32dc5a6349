import { useTranslation } from 'react-i18next';
import { RequestError } from '../http/request-error.ts';
import { State, Tag } from '../ui/badge.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { Output } from '../ui/output.tsx';
import { Section } from '../ui/section.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

const states = ['calm', 'good', 'changing', 'off', 'unknown', 'lost', 'danger'] as const;
const tags = ['plain', 'line', 'good', 'warn', 'bad', 'heat'] as const;
const banners = ['plain', 'info', 'good', 'warn', 'bad', 'lost'] as const;

const failure = new RequestError('upstream.timeout', { requestId: '6f1c', upstream: '504 Gateway Timeout' });

/** States, banners, failures and what stands there while something loads. */
export function NoticeSamples() {
  const { t } = useTranslation();
  return (
    <Section title={t('common.notices')} note={t('common.stale')}>
      <div className="grid gap-3 p-4">
        <div className="flex flex-wrap gap-x-5 gap-y-1" translate="no">
          {states.map((kind) => (
            <State key={kind} kind={kind} strong={kind === 'lost'}>
              {kind}
            </State>
          ))}
        </div>
        <div className="flex flex-wrap gap-2" translate="no">
          {tags.map((tone) => (
            <Tag key={tone} tone={tone} icon="info">
              {tone}
            </Tag>
          ))}
        </div>
        {banners.map((tone) => (
          <Banner
            key={tone}
            tone={tone}
            title={t('network.severalTitle')}
            actions={<Button size="sm">{t('network.toRouting')}</Button>}
          >
            {t('disconnect.kept')}
          </Banner>
        ))}
        <FailureNotice error={failure} note={t('common.stale')} onRetry={() => {}} />
        <Skeleton rows={3} />
        <Output label={t('instances.id')}>
          {'Chain INPUT (policy ACCEPT)\nnum  target  prot opt source'}
        </Output>
      </div>
    </Section>
  );
}
