import type { AuditRecord } from '@moru/types';
import { Link } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../i18n/format.ts';
import { Address } from '../ui/address.tsx';
import { State } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Icon } from '../ui/icon.tsx';
import { Cell, Head, Row, Table } from '../ui/table.tsx';
import { phaseLooks, reasonOf, useActionWords } from './activity-words.ts';
import { ChangeDetails } from './change-details.tsx';

interface ActivityTableProps {
  records: readonly AuditRecord[];
  /** number of the record that is unfolded */
  open: number | null;
  onOpen: (seq: number | null) => void;
  onTarget: (id: string) => void;
  empty: ReactNode;
}

export function ActivityTable({ records, open, onOpen, onTarget, empty }: ActivityTableProps) {
  const { t } = useTranslation();
  return (
    <Table
      label={t('shell.activity')}
      empty={records.length === 0 && empty}
      head={
        <>
          <Head>{t('activity.at')}</Head>
          <Head>{t('activity.who')}</Head>
          <Head>{t('activity.what')}</Head>
          <Head>{t('activity.target')}</Head>
          <Head>{t('activity.outcome')}</Head>
          <Head>
            <span className="sr-only">{t('activity.details')}</span>
          </Head>
        </>
      }
    >
      {records.map((record) => {
        const isOpen = record.seq === open;
        return (
          <Fragment key={record.seq}>
            <ActivityRow
              record={record}
              isOpen={isOpen}
              onToggle={() => onOpen(isOpen ? null : record.seq)}
            />
            {isOpen && (
              <Row
                testId="activity-details"
                id={`details-${record.seq}`}
                className="max-narrow:block max-narrow:px-4 max-narrow:pb-3"
              >
                <Cell colSpan={6} className="bg-canvas py-3! whitespace-normal!">
                  <ChangeDetails record={record} onTarget={onTarget} />
                </Cell>
              </Row>
            )}
          </Fragment>
        );
      })}
    </Table>
  );
}

interface ActivityRowProps {
  record: AuditRecord;
  isOpen: boolean;
  onToggle: () => void;
}

function ActivityRow({ record, isOpen, onToggle }: ActivityRowProps) {
  const { t } = useTranslation();
  const words = useActionWords();
  const { actor, action, phase, seq } = record;
  const what = words(action);
  const reason = phase === 'succeeded' ? null : reasonOf(record);
  return (
    <Row
      testId="activity-row"
      id={String(seq)}
      className="max-narrow:grid max-narrow:grid-cols-[minmax(0,1fr)_auto] max-narrow:gap-x-2.5 max-narrow:gap-y-1 max-narrow:px-4 max-narrow:py-3"
    >
      <Cell className="text-fg-2 tabular-nums max-narrow:col-span-2">{dateTime(record.at)}</Cell>
      <Cell>
        <span translate="no">{actor.name}</span> <RoleWords role={actor.role} />
      </Cell>
      <Cell header className="max-narrow:row-start-1">
        <span className="font-semibold">{what}</span>
      </Cell>
      <Cell className="max-narrow:text-right">
        <Target record={record} />
      </Cell>
      <Cell className="max-narrow:col-span-2">
        <State kind={phaseLooks[phase]}>{t(`activity.phase.${phase}`)}</State>
        {reason && (
          <span className="ml-2 inline-block max-w-80 truncate align-bottom text-12 text-fg-3 max-narrow:ml-0 max-narrow:block max-narrow:max-w-none max-narrow:whitespace-normal">
            {reason}
          </span>
        )}
      </Cell>
      <Cell className="text-right! max-narrow:col-start-2 max-narrow:row-start-1">
        <Button
          size="sm"
          look="quiet"
          aria-expanded={isOpen}
          aria-label={t('activity.detailsOf', { what, time: dateTime(record.at) })}
          onPress={onToggle}
        >
          {t('activity.details')}
          <Icon name="chevronDown" size={12} className={cx(isOpen && 'rotate-180')} />
        </Button>
      </Cell>
    </Row>
  );
}

function RoleWords({ role }: { role: string }) {
  const { t, i18n } = useTranslation();
  const key = `role.${role}` as 'role.admin';
  const own = role === 'host' || role === 'system' ? t(`activity.role.${role}`) : role;
  return <span className="text-12 text-fg-3">{i18n.exists(key as string) ? t(key) : own}</span>;
}

function Target({ record: { target } }: { record: AuditRecord }) {
  const { t } = useTranslation();
  const name = target.name ?? target.id;
  if (target.type === 'instance' && target.id) {
    return (
      <Link
        to="/instances/$instanceId"
        params={{ instanceId: target.id }}
        className="hover:text-link hover:underline"
      >
        {target.name === null ? (
          <Address className="inline-block max-w-40 truncate align-bottom text-12!">{name}</Address>
        ) : (
          <b translate="no">{name}</b>
        )}
      </Link>
    );
  }
  if (target.type === 'rollout' && target.id) {
    return (
      <Link
        to="/rollouts/$rolloutId"
        params={{ rolloutId: target.id }}
        className="hover:text-link hover:underline"
      >
        <b translate="no">{name}</b>
      </Link>
    );
  }
  if (!name) return <span className="text-fg-3">{t('common.none')}</span>;
  return (
    <Address className="inline-block max-w-72 truncate align-bottom text-12! max-narrow:max-w-44">
      {name}
    </Address>
  );
}
