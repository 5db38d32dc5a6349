import type { Host, HostList } from '@moru/types';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../i18n/format.ts';
import { Address } from '../ui/address.tsx';
import { Ago } from '../ui/ago.tsx';
import { State, Tag } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { RowMenuButton } from '../ui/menu-button.tsx';
import { NarrowLabel } from '../ui/narrow-label.tsx';
import { Cell, Head, Row, Table } from '../ui/table.tsx';
import type { HostTask } from './host-queries.ts';
import { useHostActions } from './use-host-actions.ts';

interface HostTableProps {
  hosts: readonly Host[];
  enrolment: HostList['enrolment'];
  onTask: (task: HostTask, instanceId: string) => void;
  empty: ReactNode;
}

export function HostTable({ hosts, enrolment, onTask, empty }: HostTableProps) {
  const { t } = useTranslation();
  return (
    <Table
      label={t('shell.hosts')}
      empty={hosts.length === 0 && empty}
      head={
        <>
          <Head>{t('instances.title')}</Head>
          <Head>{t('hosts.address')}</Head>
          <Head>{t('instances.agent')}</Head>
          <Head>{t('hosts.version')}</Head>
          <Head>{t('hosts.contact')}</Head>
          <Head>{t('hosts.certificate')}</Head>
          <Head>{t('hosts.decided')}</Head>
          <Head>
            <span className="sr-only">{t('menu.more')}</span>
          </Head>
        </>
      }
    >
      {hosts.map((host) => (
        <HostRow key={host.instanceId} host={host} enrolment={enrolment} onTask={onTask} />
      ))}
    </Table>
  );
}

interface HostRowProps extends Pick<HostTableProps, 'enrolment' | 'onTask'> {
  host: Host;
}

function HostRow({ host, enrolment, onTask }: HostRowProps) {
  const { t } = useTranslation();
  const { actions, groups } = useHostActions(host, enrolment, onTask);
  const name = host.name ?? host.instanceId;
  const first = host.waiting ? actions.compare : actions.enrol;
  return (
    <Row
      testId="host-row"
      id={host.instanceId}
      className="max-narrow:grid max-narrow:grid-cols-[minmax(0,1fr)_auto] max-narrow:gap-x-2.5 max-narrow:gap-y-1 max-narrow:px-4 max-narrow:py-3"
    >
      <Cell header>
        <Link
          to="/instances/$instanceId"
          params={{ instanceId: host.instanceId }}
          className="font-semibold hover:text-link hover:underline"
        >
          <span translate="no">{name}</span>
        </Link>
        {host.instanceStatus === null && (
          <span className="ml-2 text-12 text-fg-3">{t('hosts.instanceGone')}</span>
        )}
      </Cell>
      <Cell>{host.address && <Address>{host.address}</Address>}</Cell>
      <Cell className="max-narrow:col-span-2">
        <HostStateWords host={host} />
      </Cell>
      <Cell className="text-fg-2 max-narrow:empty:hidden">
        {host.agent && (
          <>
            <NarrowLabel>{t('hosts.version')}</NarrowLabel>
            <span translate="no">{host.agent.version}</span>
          </>
        )}
      </Cell>
      <Cell className="text-fg-2 max-narrow:empty:hidden">
        {host.lastContact && (
          <>
            <NarrowLabel>{t('hosts.contact')}</NarrowLabel>
            <Ago iso={host.lastContact} />
          </>
        )}
      </Cell>
      <Cell className="text-fg-2 tabular-nums max-narrow:col-span-2 max-narrow:empty:hidden">
        {host.certificate && (
          <>
            <NarrowLabel>{t('hosts.certificate')}</NarrowLabel>
            {dateTime(host.certificate.expiresAt)}
          </>
        )}
      </Cell>
      <Cell className="text-fg-2 max-narrow:hidden">
        {host.decision && (
          <span title={dateTime(host.decision.at)}>
            <span translate="no">{host.decision.by}</span> <Ago iso={host.decision.at} />
          </span>
        )}
      </Cell>
      <Cell className="text-right! max-narrow:col-start-2 max-narrow:row-span-2 max-narrow:row-start-1">
        <span className="inline-flex items-center gap-1.5">
          {(host.waiting || host.state !== 'enrolled') && (
            <Button
              size="sm"
              look={host.waiting ? 'primary' : 'plain'}
              aria-label={`${first.label}: ${name}`}
              reason={first.reason}
              onPress={first.onAction}
            >
              {first.label}
            </Button>
          )}
          <RowMenuButton
            of={host.instanceId}
            label={t('menu.moreOf', { name })}
            groups={() => groups}
            testId="host-menu"
          />
        </span>
      </Cell>
    </Row>
  );
}

const looks = {
  enrolled: 'calm',
  waiting: 'changing',
  notEnrolled: 'off',
  revoked: 'lost',
  expired: 'unknown',
} as const;

function HostStateWords({ host }: { host: Host }) {
  const { t } = useTranslation();
  const { state, stale, waiting, tokens } = host;
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <State kind={stale ? 'unknown' : looks[state]}>
        {t(stale ? 'hosts.stale' : `hosts.state.${state}`)}
      </State>
      {waiting && state === 'enrolled' && <Tag tone="warn">{t('hosts.asksAgain')}</Tag>}
      {tokens.length > 0 && <Tag>{t('hosts.openTokens', { total: tokens.length })}</Tag>}
    </span>
  );
}
