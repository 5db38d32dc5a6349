import type { Instance, RoutingState } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { RequestError } from '../http/request-error.ts';
import { instanceQuery } from '../instances/instance-queries.ts';
import { Announcer } from '../ui/announcer.tsx';
import { Banner } from '../ui/banner.tsx';
import { cx } from '../ui/cx.ts';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { Gateways } from './gateways.tsx';
import { Interfaces } from './interfaces.tsx';
import { Peers } from './peers.tsx';
import { Problems } from './problems.tsx';
import { PutBack } from './put-back.tsx';
import { RouteTable } from './route-table.tsx';
import { routingQuery } from './routing-queries.ts';
import { WayOut } from './way-out.tsx';

// the engine that reads commands travels with it
const RouteBar = onDemand(() => import('./command-bar/route-bar.tsx').then((module) => module.RouteBar));

/** Nothing runs on the host, so nothing is wrong. */
const isOff = (error: unknown) => error instanceof RequestError && error.code === 'instance.state';

/** 라우팅: by which way the host sends, what is wrong with it, and the guide's repair. */
export function RoutingTab() {
  const { t } = useTranslation();
  const { instanceId } = useParams({ from: '/shell/instances/$instanceId/routing' });
  const routing = useQuery(routingQuery(instanceId));
  const { data: instance } = useQuery(instanceQuery(instanceId));
  if (!instance) return null;
  const { data: state, error } = routing;
  return (
    <div data-testid="routing" className="flex min-h-0 flex-1 flex-col">
      <Announcer>
        {error && (
          <div className="px-4 py-3 narrow:px-5" data-testid="routing-unreachable">
            {isOff(error) ? (
              <Banner tone="info" title={t('routing.off')}>
                {t('routing.offText')} {state && t('routing.old')}
              </Banner>
            ) : (
              <FailureNotice
                error={error}
                note={t(state ? 'routing.old' : 'routing.unreachable')}
                onRetry={() => routing.refetch()}
              />
            )}
          </div>
        )}
        {routing.isPending && (
          <div className="bg-surface">
            <Skeleton rows={1} row="h-16" />
            <Skeleton rows={6} />
          </div>
        )}
        {state && <Content instance={instance} state={state} old={error !== null} />}
      </Announcer>
    </div>
  );
}

interface ContentProps {
  instance: Instance;
  state: RoutingState;
  /** the last look failed: what is said is of an earlier one */
  old: boolean;
}

function Content({ instance, state, old }: ContentProps) {
  const { t } = useTranslation();
  const several = instance.networkInterfaces.length > 1;
  return (
    <>
      <WayOut state={state} old={old} />
      <div className={cx('relative min-h-0 flex-1 overflow-auto', old && 'text-fg-2')}>
        <div className="grid content-start gap-3.5 py-4 narrow:px-5">
          {several && (
            <Banner tone="plain" title={t('network.severalTitle')} className="max-narrow:mx-4">
              {t('network.severalText')}
            </Banner>
          )}
          <Gateways instance={instance} state={state} />
          <PutBack instance={instance} state={state} />
          <Problems instance={instance} state={state} />
          <RouteTable instance={instance} state={state} />
          <div className="grid items-start gap-3.5 wide:grid-cols-2">
            <Interfaces state={state} />
            <Peers state={state} />
          </div>
        </div>
      </div>
      <RouteBar instance={instance} state={state} />
    </>
  );
}
