import type { Instance } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { price } from '../../i18n/format.ts';
import { installationQuery } from '../../session/session-queries.ts';
import { language } from '../../shell/preferences.ts';
import { Address } from '../../ui/address.tsx';
import { Section } from '../../ui/section.tsx';

/** What is billed because of the instance, and until when. */
export function CostNotes({ instance }: { instance: Instance }) {
  const { t } = useTranslation();
  const hour = useQuery(installationQuery).data?.publicIpPrice;
  const held = instance.networkInterfaces.flatMap((nic) => nic.publicIp ?? []);
  return (
    <Section title={t('details.cost')} testId="instance-cost">
      <div className="grid gap-1 px-4 py-3">
        <p>{t('details.costInstance')}</p>
        <p>
          {t(held.length > 0 ? 'details.costPublicIps' : 'details.costNone')}{' '}
          {held.map(({ id, address }) => (
            <Address key={id} className="mr-2 font-semibold">
              {address}
            </Address>
          ))}
        </p>
        <p className="text-12 text-fg-3">
          {hour
            ? t('details.costPrice', { price: price(hour.perHour, hour.currency, language()) })
            : t('details.costNoPrice')}
        </p>
      </div>
    </Section>
  );
}
