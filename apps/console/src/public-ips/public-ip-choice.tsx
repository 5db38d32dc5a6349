import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime, span } from '../i18n/format.ts';
import { language } from '../shell/preferences.ts';
import { Address } from '../ui/address.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { RadioList, RadioRow } from '../ui/radio-list.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { publicIpsQuery } from './public-ip-queries.ts';

export type AddressChoice = { mode: 'new' } | { mode: 'existing'; publicIpId: string | null };

interface PublicIpChoiceProps {
  value: AddressChoice;
  onChange: (value: AddressChoice) => void;
  /** what the list of idle ones is searched for at first */
  opensAt?: string;
}

/** A fresh address, or one that the project holds and uses nowhere. */
export function PublicIpChoice({ value, onChange, opensAt = '' }: PublicIpChoiceProps) {
  const { t } = useTranslation();
  const list = useQuery(publicIpsQuery({ idle: true }, true));
  const idle = list.data?.page.total;
  return (
    <div className="grid gap-2">
      <RadioList
        label={t('connect.address')}
        value={value.mode}
        onChange={(mode) => onChange(mode === 'new' ? { mode } : { mode: 'existing', publicIpId: null })}
        testId="address-choice"
      >
        <RadioRow value="new">{t('connect.new')}</RadioRow>
        <RadioRow value="existing" isDisabled={idle === 0}>
          {t('connect.existing')}
          <span className="flex-1" />
          {idle !== undefined && (
            <span className="text-12 text-fg-3">
              {idle === 0 ? t('connect.noIdle') : t('connect.idleCount', { total: idle })}
            </span>
          )}
        </RadioRow>
      </RadioList>
      {list.error && <FailureNotice error={list.error} onRetry={() => list.refetch()} />}
      {value.mode === 'existing' && (
        <IdleList
          opensAt={opensAt}
          value={value.publicIpId}
          onChange={(publicIpId) => onChange({ mode: 'existing', publicIpId })}
        />
      )}
    </div>
  );
}

interface IdleListProps {
  opensAt: string;
  value: string | null;
  onChange: (id: string) => void;
}

function IdleList({ opensAt, value, onChange }: IdleListProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(opensAt);
  const { data, dataUpdatedAt } = useQuery(publicIpsQuery({ q: useDeferredValue(text), idle: true }, true));
  if (!data) return <Skeleton rows={3} />;
  const found = data.publicIps;
  return (
    <div className="rounded-6 border border-line-strong bg-canvas p-3">
      <SearchField label={t('connect.search')} value={text} onChange={setText} className="mb-2" />
      {found.length === 0 ? (
        <p className="py-2 text-fg-3">{t('common.noMatch', { text })}</p>
      ) : (
        <div className="max-h-52 overflow-auto rounded-6">
          <RadioList
            label={t('connect.idleList')}
            hideLabel
            value={value}
            onChange={onChange}
            testId="idle-list"
          >
            {found.map((ip) => (
              <RadioRow key={ip.id} value={ip.id} dataId={ip.id}>
                <Address>{ip.address}</Address>
                <span className={ip.description ? 'text-fg-2' : 'text-fg-3'}>
                  {ip.description || t('connect.noDescription')}
                </span>
                <span className="flex-1" />
                <span className="text-12 whitespace-nowrap text-fg-3" title={dateTime(ip.updatedAt)}>
                  {t('connect.idleFor', { span: span(ip.updatedAt, dataUpdatedAt, language()) })}
                </span>
              </RadioRow>
            ))}
          </RadioList>
        </div>
      )}
    </div>
  );
}
