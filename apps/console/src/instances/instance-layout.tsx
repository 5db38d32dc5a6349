import type { Instance } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { firewallQuery } from '../firewall/firewall-queries.ts';
import { clockTime } from '../i18n/format.ts';
import { Address } from '../ui/address.tsx';
import { Ago } from '../ui/ago.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Crumbs } from '../ui/crumbs.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { TabLink, TabLinks } from '../ui/tab-links.tsx';
import { InstanceDialogs } from './instance-dialogs.tsx';
import { instanceQuery } from './instance-queries.ts';
import { InstanceStatus } from './instance-status.tsx';
import { type InstanceDialog, useInstanceActions } from './use-instance-actions.ts';

/** Head and tabs of one instance; the chosen tab stands beneath. */
export function InstanceLayout() {
  const { t } = useTranslation();
  const { instanceId } = useParams({ from: '/shell/instances/$instanceId' });
  const query = useQuery(instanceQuery(instanceId));
  usePageTitle(query.data?.name ?? instanceId);
  if (!query.data) {
    return (
      <div className="grid gap-3 p-4 narrow:p-6">
        <Path />
        {query.error ? (
          <FailureNotice error={query.error} onRetry={() => query.refetch()} />
        ) : (
          <Skeleton rows={4} />
        )}
      </div>
    );
  }
  return (
    <>
      <Heading instance={query.data} old={query.error !== null} />
      <TabLinks label={query.data.name}>
        <TabLink to="/instances/$instanceId/details" params={{ instanceId }}>
          {t('instanceTabs.details')}
        </TabLink>
        <TabLink to="/instances/$instanceId/network" params={{ instanceId }}>
          {t('network.title')}
        </TabLink>
        <TabLink to="/instances/$instanceId/routing" params={{ instanceId }}>
          {t('network.routing')}
        </TabLink>
        <TabLink to="/instances/$instanceId/firewall" params={{ instanceId }}>
          {t('firewall.title')}
        </TabLink>
        <TabLink to="/instances/$instanceId/history" params={{ instanceId }}>
          {t('instanceTabs.history')}
        </TabLink>
      </TabLinks>
      {query.error && (
        <div className="px-4 pt-3 narrow:px-5">
          <FailureNotice error={query.error} onRetry={() => query.refetch()} />
        </div>
      )}
      <Outlet />
    </>
  );
}

function Path() {
  const { t } = useTranslation();
  return (
    <Crumbs
      trailing
      items={[
        t('shell.bareMetalServer'),
        <Link key="list" to="/instances" className="hover:text-fg hover:underline">
          {t('instances.title')}
        </Link>,
      ]}
    />
  );
}

function Heading({ instance, old }: { instance: Instance; old: boolean }) {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<InstanceDialog | null>(null);
  const actions = useInstanceActions(setDialog);
  const privateIp = instance.networkInterfaces[0]?.privateIp;
  const publicIp = instance.networkInterfaces.find((nic) => nic.publicIp)?.publicIp?.address;
  return (
    <header className="grid flex-none grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3.5 gap-y-1 bg-surface px-4 py-2.5 whitespace-nowrap narrow:px-5 wide:flex wide:h-[46px] wide:py-0">
      <div className="flex min-w-0 flex-wrap items-center gap-x-3.5 gap-y-1 wide:contents">
        <Path />
        <h1 className="max-w-full truncate text-14">{instance.name}</h1>
        <InstanceStatus instance={instance} t={t} />
      </div>
      <div className="col-span-full row-start-2 flex flex-wrap items-center gap-x-[18px] gap-y-1 text-fg-2">
        {privateIp && (
          <HeadFact label={t('instances.privateIp')}>
            <Address>{privateIp}</Address>
            <CopyButton text={privateIp} label={t('instances.privateIp')} />
          </HeadFact>
        )}
        {publicIp && (
          <HeadFact label={t('publicIps.title')}>
            <Address>{publicIp}</Address>
            <CopyButton text={publicIp} label={t('publicIps.title')} />
          </HeadFact>
        )}
        <HeadFact label={t('instances.agent')}>
          <AgentWords instance={instance} old={old} />
        </HeadFact>
      </div>
      <div className="col-start-2 row-start-1 self-start wide:ml-auto wide:self-center">
        <MenuButton
          size="sm"
          icon="more"
          label={t('menu.moreOf', { name: instance.name })}
          groups={() => actions(instance)}
          data-testid="instance-menu"
        />
      </div>
      {dialog && <InstanceDialogs kind={dialog} instance={instance} onClose={() => setDialog(null)} />}
    </header>
  );
}

/** Whether the agent answers; after a look that failed only when it last did. */
function AgentWords({ instance, old }: { instance: Instance; old: boolean }) {
  const { t } = useTranslation();
  // what the firewall tab reads, without a look of its own
  const firewall = useQuery({ ...firewallQuery(instance.id), enabled: false });
  const { agent } = instance.firewall;
  const failed = old || firewall.error !== null;
  const readAt = (firewall.error && firewall.data?.readAt) || instance.firewall.readAt;
  if (failed && readAt) {
    return (
      <span className="text-fg-3">
        {t('firewall.lastRead')} <Ago iso={readAt} />
      </span>
    );
  }
  return (
    <>
      {t(`agent.${agent}`)}
      {readAt && (
        <span className="hidden tabular-nums narrow:inline">
          {clockTime(readAt)} (<Ago iso={readAt} />)
        </span>
      )}
    </>
  );
}

function HeadFact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-[5px]">
      <span className="text-12 text-fg-3">{label}</span>
      {children}
    </span>
  );
}
