import type { Instance } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ago, clockTime } from '../i18n/format.ts';
import { PublicIpDialog } from '../public-ips/public-ip-dialog.tsx';
import { language } from '../shell/preferences.ts';
import { Address } from '../ui/address.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Crumbs } from '../ui/crumbs.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { TabLink, TabLinks } from '../ui/tab-links.tsx';
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
      <Heading instance={query.data} />
      <TabLinks label={query.data.name}>
        <TabLink to="/instances/$instanceId/network" params={{ instanceId }}>
          {t('network.title')}
        </TabLink>
        <TabLink to="/instances/$instanceId/firewall" params={{ instanceId }}>
          {t('firewall.title')}
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

function Heading({ instance }: { instance: Instance }) {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<InstanceDialog | null>(null);
  const actions = useInstanceActions(setDialog);
  const privateIp = instance.networkInterfaces[0]?.privateIp;
  const publicIp = instance.networkInterfaces.find((nic) => nic.publicIp)?.publicIp?.address;
  const { agent, readAt } = instance.firewall;
  return (
    <header className="flex flex-none flex-wrap items-center gap-x-3.5 gap-y-1 bg-surface px-4 py-2.5 whitespace-nowrap narrow:px-5 wide:h-[46px] wide:flex-nowrap wide:py-0">
      <Path />
      <h1 className="text-14">{instance.name}</h1>
      <InstanceStatus instance={instance} />
      <div className="order-last flex w-full flex-wrap items-center gap-x-[18px] gap-y-1 text-fg-2 wide:order-none wide:w-auto">
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
          {t(`agent.${agent}`)}
          {readAt && (
            <span className="hidden tabular-nums narrow:inline">
              {clockTime(readAt)} ({ago(readAt, Date.now(), language())})
            </span>
          )}
        </HeadFact>
      </div>
      <span className="flex-1" />
      <MenuButton
        size="sm"
        icon="more"
        label={t('menu.moreOf', { name: instance.name })}
        groups={() => actions(instance)}
        data-testid="instance-menu"
      />
      {dialog && <PublicIpDialog kind={dialog} instance={instance} onClose={() => setDialog(null)} />}
    </header>
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
