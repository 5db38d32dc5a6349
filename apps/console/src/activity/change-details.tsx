import type { AuditRecord } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../i18n/format.ts';
import { Address } from '../ui/address.tsx';
import { State } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { cx } from '../ui/cx.ts';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { Icon } from '../ui/icon.tsx';
import { Output } from '../ui/output.tsx';
import { changeQuery } from './activity-queries.ts';
import { phaseLooks, reasonOf } from './activity-words.ts';
import { DetailList } from './detail-list.tsx';

interface ChangeDetailsProps {
  record: AuditRecord;
  /** shows what else was done to the same; absent where nothing else is shown */
  onTarget?: (id: string) => void;
}

/** Everything that the log has of one change: what was asked, what was there before, what came of it. */
export function ChangeDetails({ record, onTarget }: ChangeDetailsProps) {
  const { t } = useTranslation();
  const { actor, target, operationId, requestId } = record;
  const whole = useQuery(changeQuery(operationId));
  const records = whole.data?.length ? whole.data : [record];
  return (
    <div className="grid gap-3">
      <dl className="flex flex-wrap gap-x-6 gap-y-1.5">
        <Entry label={t('activity.requestId')} text={requestId} copies />
        <Entry label={t('activity.operationId')} text={operationId} copies />
        <Entry label={t('activity.address')} text={actor.address} />
        <Entry label={t('activity.targetId')} text={target.id} copies>
          {target.id && onTarget && (
            <Button size="xs" look="quiet" onPress={() => onTarget(target.id)}>
              {t('activity.sameTarget')}
            </Button>
          )}
        </Entry>
      </dl>
      {whole.error && <FailureNotice error={whole.error} onRetry={() => whole.refetch()} />}
      <ol className="grid gap-2">
        {records.map((each) => (
          <Step key={each.seq} record={each} />
        ))}
      </ol>
    </div>
  );
}

function Entry(props: { label: string; text: string; copies?: boolean; children?: ReactNode }) {
  const { label, text, copies = false, children } = props;
  if (!text) return null;
  return (
    <div className="min-w-0">
      <dt className="text-11 text-fg-3">{label}</dt>
      <dd className="flex min-h-6 items-center gap-0.5">
        <Address className="text-12! whitespace-normal!">{text}</Address>
        {copies && <CopyButton text={text} label={label} />}
        {children}
      </dd>
    </div>
  );
}

function Step({ record }: { record: AuditRecord }) {
  const { t } = useTranslation();
  const { phase, at, seq, detail } = record;
  const reason = reasonOf(record);
  const { before, ...rest } = detail;
  return (
    <li className="grid gap-1.5 rounded-4 border border-line bg-surface px-3 py-2">
      <div className="flex flex-wrap items-center gap-x-3">
        <State kind={phaseLooks[phase]} strong>
          {t(phase === 'intent' ? 'activity.asked' : `activity.phase.${phase}`)}
        </State>
        <span className="text-12 text-fg-3 tabular-nums">{dateTime(at)}</span>
        <span className="text-12 text-fg-3 tabular-nums">{t('activity.seq', { seq })}</span>
      </div>
      {reason && <p className="text-fg-2">{reason}</p>}
      <DetailList values={rest} />
      {isRecord(before) && (
        <>
          <h3 className="text-12 text-fg-2">{t('activity.before')}</h3>
          <DetailList values={before} />
        </>
      )}
      {Object.keys(detail).length > 0 && <Raw record={record} />}
    </li>
  );
}

/** As the log has it, to be copied whole: names of fields are the protocol's own. */
function Raw({ record }: { record: AuditRecord }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const label = t('activityDetail.raw');
  return (
    <div>
      <Button
        size="xs"
        look="quiet"
        aria-expanded={open}
        aria-label={t('activityDetail.rawOf', { seq: record.seq })}
        onPress={() => setOpen(!open)}
        className="-ml-1.5"
      >
        {label}
        <Icon name="chevronDown" size={12} className={cx(open && 'rotate-180')} />
      </Button>
      {open && (
        <div className="mt-1 grid grid-cols-[minmax(0,1fr)_auto] items-start gap-2">
          <Output label={label}>{JSON.stringify(record.detail, null, 2)}</Output>
          <CopyButton text={JSON.stringify(record)} label={label} />
        </div>
      )}
    </div>
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
