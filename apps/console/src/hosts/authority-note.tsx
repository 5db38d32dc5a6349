import { printFingerprint } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../i18n/format.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { authorityQuery } from './host-queries.ts';

/** The installation's authority, by which a host knows this console. Its beginning tells it from another one. */
export function AuthorityNote() {
  const { t } = useTranslation();
  const { data } = useQuery(authorityQuery);
  if (!data) return null;
  const { fingerprint, expiresAt, rotation } = data;
  return (
    <span className="inline-flex min-w-0 flex-wrap items-center gap-x-1.5 text-12 text-fg-3">
      {t('hosts.authority')}
      <span translate="no" className="font-mono text-fg-2" title={printFingerprint(fingerprint)}>
        {printFingerprint(fingerprint.slice(0, 16))} …
      </span>
      <CopyButton text={fingerprint} label={t('hosts.authorityFingerprint')} />
      <span className="tabular-nums">{t('hosts.until', { time: dateTime(expiresAt) })}</span>
      {rotation && <b className="text-info">{t(`hosts.rotation.${rotation.phase}`)}</b>}
    </span>
  );
}
