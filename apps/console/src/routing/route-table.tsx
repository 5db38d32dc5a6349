import type { Instance, RoutingState } from '@moru/types';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { clockTime } from '../i18n/format.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Output } from '../ui/output.tsx';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { Section } from '../ui/section.tsx';
import { IpRows } from './ip-rows.tsx';
import { NetRows } from './net-rows.tsx';
import type { RoutesView } from './routing-search.ts';

const views: readonly RoutesView[] = ['route', 'ip', 'ip6'];

/** 「인스턴스 라우팅 설정 확인」: the host's table as a table, and in its own words. */
export function RouteTable({ instance, state }: { instance: Instance; state: RoutingState }) {
  const { t } = useTranslation();
  const { view = 'route' } = useSearch({ from: '/shell/instances/$instanceId/routing' });
  const navigate = useNavigate({ from: '/instances/$instanceId/routing' });
  const output = state.outputs[view];
  return (
    <Section
      title={t('routing.table')}
      testId="route-table"
      id="route-table"
      note={t('routing.readAt', { time: clockTime(state.readAt) })}
      actions={
        <fieldset className="flex gap-1">
          <legend className="sr-only">{t('routing.views')}</legend>
          {views.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === view}
              data-testid={`view-${each}`}
              onClick={() => void navigate({ search: each === 'route' ? {} : { view: each }, replace: true })}
              className="h-8 cursor-pointer rounded-4 px-2 font-mono text-12 text-fg-2 hover:bg-hover aria-pressed:bg-ink aria-pressed:text-on-ink narrow:h-[26px]"
            >
              <span translate="no">{state.outputs[each].command.replace('sudo ', '')}</span>
            </button>
          ))}
        </fieldset>
      }
    >
      <ScrollRegion label={t('routing.table')}>
        {view === 'route' ? (
          <NetRows state={state} />
        ) : (
          <IpRows instance={instance} state={state} family={view === 'ip' ? 'ipv4' : 'ipv6'} />
        )}
      </ScrollRegion>
      <details className="border-t border-line px-4 py-2">
        <summary className="cursor-pointer text-12 text-fg-2">
          {t('routing.raw')}{' '}
          <code translate="no" className="font-mono">
            {output.command}
          </code>
        </summary>
        <div className="flex items-start gap-2 pt-2">
          <div className="min-w-0 flex-1">
            <Output label={t('routing.rawOf', { command: output.command })} testId="route-output">
              {output.text}
            </Output>
          </div>
          <CopyButton text={output.text} label={t('routing.raw')} />
        </div>
      </details>
    </Section>
  );
}
