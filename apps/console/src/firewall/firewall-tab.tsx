import { useQuery } from '@tanstack/react-query';
import { Outlet, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { RequestError } from '../http/request-error.ts';
import { instanceQuery } from '../instances/instance-queries.ts';
import { Banner } from '../ui/banner.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { firewallQuery } from './firewall-queries.ts';
import { StateStrip } from './state-strip.tsx';

/** Nothing runs on the host, so nothing is wrong. */
function isOff(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'instance.state';
}

/** 방화벽: what the host lets in, and beneath it the rules or the host's own output. */
export function FirewallTab() {
  const { t } = useTranslation();
  const { instanceId } = useParams({ from: '/shell/instances/$instanceId' });
  const firewall = useQuery(firewallQuery(instanceId));
  const { data: instance } = useQuery(instanceQuery(instanceId));
  if (!instance) return null;
  const { data: state, error } = firewall;
  return (
    <div data-testid="firewall" className="flex min-h-0 flex-1 flex-col">
      {state && <StateStrip instance={instance} state={state} old={error !== null} />}
      {error && (
        <div className="grid gap-2 px-4 py-3 narrow:px-5" data-testid="firewall-unreachable">
          {isOff(error) ? (
            <Banner tone="info" title={t('firewall.off')}>
              {t('firewall.offText')}
            </Banner>
          ) : (
            <FailureNotice
              error={error}
              note={t(state ? 'firewall.old' : 'firewall.unreachable')}
              onRetry={() => firewall.refetch()}
            />
          )}
        </div>
      )}
      {firewall.isPending && (
        <div className="bg-surface">
          <Skeleton rows={1} row="h-16" />
          <Skeleton rows={6} />
        </div>
      )}
      {state && <Outlet />}
    </div>
  );
}
