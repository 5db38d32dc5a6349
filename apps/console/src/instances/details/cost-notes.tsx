import type { Instance } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { Address } from '../../ui/address.tsx';
import { Section } from '../../ui/section.tsx';

/** What is billed because of the instance, and until when. */
export function CostNotes({ instance }: { instance: Instance }) {
  const { t } = useTranslation();
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
        <p className="text-12 text-fg-3">{t('details.costPrice')}</p>
      </div>
    </Section>
  );
}
