import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { showToast } from '../../ui/toast.ts';
import { administratorQuery } from '../check-queries.ts';
import { useEditor } from '../editor.tsx';

/** 「내 주소」: the address from which the console sees this browser. */
export function MyAddress({ onAddress }: { onAddress: (address: string) => void }) {
  const { t } = useTranslation();
  const { instance, session } = useEditor();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const ask = async () => {
    setAsking(true);
    try {
      const address = await queries.fetchQuery(administratorQuery(instance.id, session.host));
      if (address) onAddress(address);
      else showToast({ tone: 'changing', title: t('form.myAddressUnknown') });
    } catch {
      showToast({ tone: 'bad', title: t('form.myAddressUnknown') });
    } finally {
      setAsking(false);
    }
  };
  return (
    <Button look="quiet" size="xs" isPending={asking} onPress={ask} className="mr-1">
      {t('form.myAddress')}
    </Button>
  );
}
