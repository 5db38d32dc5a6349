import type { WaitingHost } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../i18n/format.ts';
import { Address } from '../ui/address.tsx';
import { State } from '../ui/badge.tsx';
import { Fingerprint } from './fingerprint.tsx';

/** What asks for a certificate. Only the fingerprint is proof; the rest is what it says of itself, or a hint. */
export function WaitingFacts({ waiting }: { waiting: WaitingHost }) {
  const { t } = useTranslation();
  const { hostname, agent, address, addressMatches, requestedAt, expiresAt, fingerprint } = waiting;
  return (
    <div className="grid gap-3">
      <Fingerprint label={t('hosts.hostFingerprint')} value={fingerprint} />
      <p className="text-fg-2">{t('hosts.compareText')}</p>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
        <dt className="text-fg-3">{t('hosts.claims')}</dt>
        <dd translate="no">
          {hostname} · moru-agent {agent}
        </dd>
        <dt className="text-fg-3">{t('hosts.cameFrom')}</dt>
        <dd className="flex flex-wrap items-center gap-x-2">
          <Address>{address}</Address>
          {addressMatches !== null && (
            <State kind={addressMatches ? 'calm' : 'unknown'}>
              {t(addressMatches ? 'hosts.addressMatches' : 'hosts.addressDiffers')}
            </State>
          )}
        </dd>
        <dt className="text-fg-3">{t('hosts.asked')}</dt>
        <dd className="tabular-nums">
          {t('hosts.askedUntil', { at: dateTime(requestedAt), until: dateTime(expiresAt) })}
        </dd>
      </dl>
    </div>
  );
}
