import type { AuditRecord, CloudAction } from '@moru/types';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { phaseLooks, reasonOf, useActionWords } from '../../activity/activity-words.ts';
import { ChangeDetails } from '../../activity/change-details.tsx';
import { dateTime } from '../../i18n/format.ts';
import { Address } from '../../ui/address.tsx';
import { State, Tag } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { cx } from '../../ui/cx.ts';
import { Icon } from '../../ui/icon.tsx';
import { Cell, Head, Row, Table } from '../../ui/table.tsx';
import type { HistoryEntry } from './merge-history.ts';

interface HistoryTableProps {
  entries: readonly HistoryEntry[];
  /** number of our record that is unfolded */
  open: number | null;
  onOpen: (seq: number | null) => void;
}

export function HistoryTable({ entries, open, onOpen }: HistoryTableProps) {
  const { t } = useTranslation();
  return (
    <Table
      label={t('record.title')}
      head={
        <>
          <Head>{t('record.at')}</Head>
          <Head>{t('record.what')}</Head>
          <Head>{t('record.who')}</Head>
          <Head>{t('record.outcome')}</Head>
          <Head>{t('record.source')}</Head>
          <Head>{t('record.requestId')}</Head>
          <Head>
            <span className="sr-only">{t('activity.details')}</span>
          </Head>
        </>
      }
    >
      {entries.map((entry) => {
        const isOpen = entry.record !== null && entry.record.seq === open;
        return (
          <Fragment key={entry.key}>
            <EntryRow
              entry={entry}
              isOpen={isOpen}
              onToggle={() => onOpen(isOpen ? null : (entry.record?.seq ?? null))}
            />
            {isOpen && entry.record && (
              <Row
                testId="history-details"
                id={`details-${entry.record.seq}`}
                className="max-narrow:block max-narrow:px-4 max-narrow:pb-3"
              >
                <Cell colSpan={7} className="bg-canvas py-3! whitespace-normal!">
                  <ChangeDetails record={entry.record} />
                </Cell>
              </Row>
            )}
          </Fragment>
        );
      })}
    </Table>
  );
}

function EntryRow({
  entry,
  isOpen,
  onToggle,
}: {
  entry: HistoryEntry;
  isOpen: boolean;
  onToggle: () => void;
}) {
  const { t } = useTranslation();
  const what = useWhat()(entry);
  const { record, action } = entry;
  const time = entry.at === null ? t('record.noTime') : dateTime(entry.at);
  const requestId = record?.requestId ?? action?.requestId ?? null;
  return (
    <Row
      testId="history-row"
      id={entry.key}
      className="max-narrow:grid max-narrow:grid-cols-[minmax(0,1fr)_auto] max-narrow:gap-x-2.5 max-narrow:gap-y-1 max-narrow:px-4 max-narrow:py-3"
    >
      <Cell className="text-fg-2 tabular-nums max-narrow:col-span-2">{time}</Cell>
      <Cell header className="max-narrow:row-start-1">
        <span className="font-semibold">{what}</span>
      </Cell>
      <Cell>
        {record ? (
          <span translate="no">{record.actor.name}</span>
        ) : (
          <CloudUser userId={action?.userId ?? null} />
        )}
      </Cell>
      <Cell className="max-narrow:col-start-1">
        <Outcome record={record} action={action} />
      </Cell>
      <Cell>
        <span className="inline-flex gap-1">
          {record && <Tag tone="plain">{t('record.sources.console')}</Tag>}
          {action && <Tag>{t('record.sources.cloud')}</Tag>}
        </span>
      </Cell>
      <Cell className="max-narrow:col-span-2">
        {requestId && (
          <span className="inline-flex items-center gap-0.5">
            <Address className="inline-block max-w-44 truncate align-bottom text-12! text-fg-3">
              {requestId}
            </Address>
            <CopyButton text={requestId} label={t('record.requestId')} />
          </span>
        )}
      </Cell>
      <Cell className="text-right! max-narrow:col-start-2 max-narrow:row-start-1">
        {record && (
          <Button
            size="sm"
            look="quiet"
            aria-expanded={isOpen}
            aria-label={t('activity.detailsOf', { what, time })}
            onPress={onToggle}
          >
            {t('activity.details')}
            <Icon name="chevronDown" size={12} className={cx(isOpen && 'rotate-180')} />
          </Button>
        )}
      </Cell>
    </Row>
  );
}

/** Our words for what was done; what the cloud alone knows, in its own where we have none. */
function useWhat(): (entry: HistoryEntry) => string {
  const { t, i18n } = useTranslation();
  const ours = useActionWords();
  return ({ record, action }) => {
    if (record) return ours(record.action);
    const spelled = action?.action ?? '';
    const key = `record.did.${spelled.replaceAll('-', '_')}` as 'record.did.create';
    return i18n.exists(key as string) ? t(key) : spelled;
  };
}

function CloudUser({ userId }: { userId: string | null }) {
  const { t } = useTranslation();
  if (userId === null) return <span className="text-fg-3">{t('common.none')}</span>;
  return (
    <Address className="inline-block max-w-32 truncate align-bottom text-12! text-fg-3">{userId}</Address>
  );
}

/** Ours knows how it ended; the cloud only says what went wrong. */
function Outcome({ record, action }: { record: AuditRecord | null; action: CloudAction | null }) {
  const { t } = useTranslation();
  const said = record && record.phase !== 'succeeded' ? reasonOf(record) : (action?.message ?? null);
  return (
    <>
      {record && <State kind={phaseLooks[record.phase]}>{t(`activity.phase.${record.phase}`)}</State>}
      {!record && (
        <State kind={action?.message ? 'lost' : 'off'}>
          {t(action?.message ? 'record.failed' : 'record.noted')}
        </State>
      )}
      {said && (
        <span className="ml-2 inline-block max-w-80 truncate align-bottom text-12 text-fg-3 max-narrow:ml-0 max-narrow:block max-narrow:max-w-none max-narrow:whitespace-normal">
          {said}
        </span>
      )}
    </>
  );
}
