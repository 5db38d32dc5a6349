import { apiPaths, type ConsoleLog } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../http/client.ts';
import { clockTime } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Output } from '../../ui/output.tsx';
import { Section } from '../../ui/section.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

/** What the host printed as it started; read only when somebody wants to see it. */
export function BootOutput({ instanceId }: { instanceId: string }) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState(false);
  const log = useQuery({
    queryKey: ['console-log', instanceId],
    queryFn: ({ signal }) => get<ConsoleLog>(apiPaths.consoleLog(instanceId), undefined, signal),
    enabled: wanted,
  });
  const { data } = log;
  return (
    <Section
      title={t('details.console')}
      note={data ? t('common.updatedAt', { time: clockTime(data.readAt) }) : ''}
      testId="boot-output"
      actions={
        <Button
          size="sm"
          isPending={log.isFetching}
          onPress={() => (wanted ? void log.refetch() : setWanted(true))}
        >
          {t(wanted ? 'common.refresh' : 'details.consoleOpen')}
        </Button>
      }
    >
      <div className="grid min-w-0 gap-2 px-4 py-3">
        <p className="text-fg-2">{t('details.consoleText')}</p>
        {log.error && (
          <FailureNotice
            error={log.error}
            {...(data ? { note: t('common.stale') } : {})}
            onRetry={() => log.refetch()}
          />
        )}
        {wanted && log.isPending && <Skeleton rows={4} />}
        {data?.lines.length === 0 && <p className="text-fg-3">{t('details.consoleEmpty')}</p>}
        {data && data.lines.length > 0 && (
          <div className="max-h-96 overflow-y-auto">
            {/* the newest line comes first from the cloud, and is read last */}
            <Output label={t('details.console')}>{data.lines.toReversed().join('\n')}</Output>
          </div>
        )}
      </div>
    </Section>
  );
}
