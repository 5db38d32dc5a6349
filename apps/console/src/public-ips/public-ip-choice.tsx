import type { PublicIp } from '@moru/types';
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
import { Switch } from '../ui/switch.tsx';
import { MoveConsequences } from './move-consequences.tsx';
import { isIdle, publicIpsQuery } from './public-ip-queries.ts';
import { useCostSoFar } from './use-cost.ts';

/** `publicIp` is one of the project's as it was seen: an idle one is connected, any other one moved from where it was. */
export type AddressChoice = { mode: 'new' } | { mode: 'held'; publicIp: PublicIp | null };

interface PublicIpChoiceProps {
  value: AddressChoice;
  onChange: (value: AddressChoice) => void;
}

/** A fresh address, or one that the project holds. */
export function PublicIpChoice({ value, onChange }: PublicIpChoiceProps) {
  const { t } = useTranslation();
  const list = useQuery(publicIpsQuery({ idle: true }, true));
  const idle = list.data?.page.total;
  return (
    <div className="grid gap-2">
      <RadioList
        label={t('connect.address')}
        value={value.mode}
        onChange={(mode) => onChange(mode === 'new' ? { mode } : { mode: 'held', publicIp: null })}
        testId="address-choice"
      >
        <RadioRow value="new">{t('connect.new')}</RadioRow>
        <RadioRow value="held">
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
      {value.mode === 'held' && (
        <HeldList value={value.publicIp} onChange={(publicIp) => onChange({ mode: 'held', publicIp })} />
      )}
    </div>
  );
}

interface HeldListProps {
  value: PublicIp | null;
  onChange: (publicIp: PublicIp | null) => void;
}

/** The idle ones, and on request those that are connected somewhere and would be moved. */
function HeldList({ value, onChange }: HeldListProps) {
  const { t } = useTranslation();
  // what is chosen from the start is in sight
  const [text, setText] = useState(value?.address ?? '');
  const [all, setAll] = useState(value !== null && !isIdle(value));
  const q = useDeferredValue(text);
  const { data, dataUpdatedAt } = useQuery(publicIpsQuery({ q, ...(all ? {} : { idle: true }) }, true));
  if (!data) return <Skeleton rows={3} />;
  const found = data.publicIps;
  return (
    <div className="rounded-6 border border-line-strong bg-canvas p-3">
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <SearchField
          label={t('connect.search')}
          value={text}
          onChange={setText}
          className="min-w-0 flex-1 basis-44"
        />
        <Switch
          isSelected={all}
          onChange={(on) => {
            setAll(on);
            // nothing is chosen that is out of sight
            if (!on && value && !isIdle(value)) onChange(null);
          }}
        >
          {t('connect.withConnected')}
        </Switch>
      </div>
      {found.length === 0 ? (
        <p className="py-2 text-fg-3">
          {text ? t('common.noMatch', { text }) : t(all ? 'publicIps.empty' : 'connect.noneHeld')}
        </p>
      ) : (
        <div className="max-h-52 overflow-auto rounded-6">
          <RadioList
            label={t('connect.heldList')}
            hideLabel
            value={value?.id ?? null}
            onChange={(id) => onChange(found.find((ip) => ip.id === id) ?? null)}
            testId="held-list"
          >
            {found.map((ip) => (
              <HeldRow key={ip.id} ip={ip} now={dataUpdatedAt} />
            ))}
          </RadioList>
        </div>
      )}
      {value && !isIdle(value) && <MoveConsequences ip={value} />}
    </div>
  );
}

function HeldRow({ ip, now }: { ip: PublicIp; now: number }) {
  const { t } = useTranslation();
  const from = ip.attachedTo;
  const cost = useCostSoFar();
  const stays = ip.status === 'attaching' || (from !== null && from.instanceId === null);
  return (
    <RadioRow value={ip.id} dataId={ip.id} isDisabled={stays}>
      <Address>{ip.address}</Address>
      <span className={ip.description ? 'min-w-0 truncate text-fg-2' : 'text-fg-3'}>
        {ip.description || t('connect.noDescription')}
      </span>
      <span className="flex-1" />
      {from ? (
        <span className="text-12 whitespace-nowrap text-warn">
          {ip.status === 'attaching'
            ? t('publicIps.attaching')
            : from.instanceId === null
              ? t('publicIps.elsewhere')
              : t('connect.movesFrom', { name: from.instanceName ?? from.instanceId })}
        </span>
      ) : (
        <span className="text-12 whitespace-nowrap text-fg-3" title={dateTime(ip.updatedAt)}>
          {t('connect.idleFor', { span: span(ip.updatedAt, now, language()) })}
          {cost && ` · ${t('connect.costSoFar', { amount: cost(ip, now) })}`}
        </span>
      )}
    </RadioRow>
  );
}
