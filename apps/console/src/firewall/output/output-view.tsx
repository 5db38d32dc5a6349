import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { clockTime } from '../../i18n/format.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton, useCopy } from '../../ui/copy-button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useEditor } from '../editor.tsx';
import { outputQuery } from '../firewall-queries.ts';
import { outputKinds } from '../firewall-search.ts';
import { ViewRow } from '../view-row.tsx';

/** 출력: the guide's commands as the host answers them. */
export function OutputView() {
  const { t } = useTranslation();
  const { instanceId } = useParams({ from: '/shell/instances/$instanceId' });
  const { kind = 'list' } = useSearch({ from: '/shell/instances/$instanceId/firewall/output' });
  const output = useQuery(outputQuery(instanceId, kind));
  const copy = useCopy();
  const { data } = output;
  const { otherBackend } = useEditor().session.host.state;
  const shown = outputKinds.filter((each) => each !== 'other' || otherBackend || kind === 'other');
  return (
    <>
      <ViewRow instanceId={instanceId} />
      <div className="grid min-h-0 flex-1 content-start wide:grid-cols-[196px_minmax(0,1fr)] wide:content-stretch">
        <nav
          aria-label={t('output.views')}
          className="flex gap-0.5 overflow-x-auto border-line bg-canvas p-2.5 max-wide:border-b wide:flex-col wide:border-r"
        >
          {shown.map((each) => (
            <Link
              key={each}
              to="/instances/$instanceId/firewall/output"
              params={{ instanceId }}
              search={{ kind: each }}
              activeOptions={{ exact: true }}
              aria-current={each === kind ? 'page' : undefined}
              data-testid={`output-${each}`}
              className="flex min-h-[30px] flex-none items-center rounded-4 px-2 whitespace-nowrap hover:bg-hover aria-[current]:bg-surface aria-[current]:font-semibold aria-[current]:shadow-[0_0_0_1px_var(--line-strong),inset_3px_0_var(--ink)]"
            >
              {t(`output.${each}`)}
            </Link>
          ))}
        </nav>
        <section aria-label={t(`output.${kind}`)} className="flex min-h-0 min-w-0 flex-col bg-surface">
          <header className="flex min-h-[46px] flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
            <code translate="no" className="font-mono text-12">
              {data?.command}
            </code>
            {data && <CopyButton text={data.command} label={t('rules.command')} />}
            <span className="flex-1" />
            {data && (
              <span className="text-12 text-fg-3 tabular-nums">
                {t('output.readAt', { time: clockTime(data.readAt) })}
              </span>
            )}
            <Button
              look="quiet"
              size="sm"
              icon="sync"
              aria-label={t('common.refresh')}
              onPress={() => output.refetch()}
            />
            <Button
              size="sm"
              icon="copy"
              reason={data ? null : t('common.loading')}
              onPress={() => data && void copy(data.text, t('output.title'))}
            >
              {t('output.copy')}
            </Button>
          </header>
          <div className="grid gap-3 p-4">
            <p className="text-12 text-fg-2">{t(`output.about.${kind}`)}</p>
            {output.error && <FailureNotice error={output.error} onRetry={() => output.refetch()} />}
            {output.isPending && <Skeleton rows={5} />}
            {data && data.exitCode !== 0 && (
              <Banner tone="warn" title={t('output.exitCode', { code: data.exitCode })} />
            )}
            {data?.truncated && <Banner tone="warn" title={t('output.truncated')} />}
            {data && (
              <ScrollRegion label={data.command}>
                <pre
                  translate="no"
                  data-testid="output-text"
                  className="w-max min-w-full rounded-4 border border-line bg-canvas p-3 font-mono text-12 leading-[1.5]"
                >
                  {data.text || t('output.empty')}
                </pre>
              </ScrollRegion>
            )}
          </div>
        </section>
      </div>
    </>
  );
}
