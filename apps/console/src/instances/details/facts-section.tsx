import type { Instance } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime, span } from '../../i18n/format.ts';
import { language } from '../../shell/preferences.ts';
import { Address } from '../../ui/address.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Section } from '../../ui/section.tsx';
import { InstanceStatus } from '../instance-status.tsx';
import { flavorsQuery } from '../lifecycle/lifecycle-requests.ts';

const mebibytesInGibibyte = 1024;

/** What the cloud says that the instance is. */
export function FactsSection({ instance }: { instance: Instance }) {
  const { t } = useTranslation();
  const none = <span className="text-fg-3">{t('common.none')}</span>;
  const text = (value: string | null) => (value ? <span translate="no">{value}</span> : none);
  return (
    <Section title={t('details.facts')} testId="instance-facts">
      <DefinitionList>
        <Definition term={t('instances.name')}>
          <b className="wrap-anywhere">{instance.name}</b>
        </Definition>
        <Definition term={t('instances.id')}>
          <Address className="text-12! whitespace-normal!">{instance.id}</Address>
          <CopyButton text={instance.id} label={t('instances.id')} />
        </Definition>
        <Definition term={t('details.description')}>
          {instance.description ? (
            <span className="wrap-anywhere">{instance.description}</span>
          ) : (
            <span className="text-fg-3">{t('details.noDescription')}</span>
          )}
        </Definition>
        <Definition term={t('instances.status')}>
          <InstanceStatus instance={instance} t={t} />
        </Definition>
        <Definition term={t('instances.type')}>
          {text(instance.flavor)}
          <Hardware flavor={instance.flavor} />
        </Definition>
        <Definition term={t('details.image')}>{text(instance.image)}</Definition>
        <Definition term={t('details.zone')}>{text(instance.availabilityZone)}</Definition>
        <Definition term={t('details.keyPair')}>{text(instance.keyName)}</Definition>
        <Definition term={t('details.hostname')}>{text(instance.hostname)}</Definition>
        <Definition term={t('details.created')}>
          {instance.createdAt ? (
            <>
              <span className="tabular-nums">{dateTime(instance.createdAt)}</span>
              <span className="text-12 text-fg-3">
                {t('details.age', { span: span(instance.createdAt, Date.now(), language()) })}
              </span>
            </>
          ) : (
            none
          )}
        </Definition>
      </DefinitionList>
    </Section>
  );
}

export function DefinitionList({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-[minmax(88px,auto)_minmax(0,1fr)] gap-x-5 gap-y-1 px-4 py-3">{children}</dl>
  );
}

export function Definition({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt className="py-0.5 text-fg-3">{term}</dt>
      <dd className="flex min-h-6 min-w-0 flex-wrap items-center gap-x-2">{children}</dd>
    </>
  );
}

/** What the type is made of, where the cloud's catalogue tells; the name stands alone until then. */
function Hardware({ flavor }: { flavor: string | null }) {
  const { t } = useTranslation();
  const { data: flavors } = useQuery(flavorsQuery);
  const known = flavors?.find(({ name }) => name === flavor);
  if (!known || known.vcpus === null || known.memoryMb === null) return null;
  const memory = Math.round(known.memoryMb / mebibytesInGibibyte);
  return (
    <span className="text-12 text-fg-3 tabular-nums">
      {t('details.hardware', { vcpus: known.vcpus, memory })}
    </span>
  );
}
