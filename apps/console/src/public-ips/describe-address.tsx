import type { PublicIp } from '@moru/types';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { showToast } from '../ui/toast.ts';
import { AddressFacts } from './address-facts.tsx';
import { DescriptionDialog } from './description-dialog.tsx';
import { describePublicIp } from './public-ip-queries.ts';

/** Another description of an address, in place of the one that was seen. */
export function DescribeAddress({ ip: opened, onClose }: { ip: PublicIp; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  // the row behind goes on changing; what is replaced is what this was opened on
  const [ip] = useState(opened);
  const describe = useMutation({
    mutationFn: (description: string) => describePublicIp(ip.id, { description, was: ip.description }),
    onSuccess: () => {
      onClose();
      showToast({ title: t('publicIp.described'), code: ip.address });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['public-ips'] }),
  });
  return (
    <DescriptionDialog
      title={t('publicIp.describeTitle')}
      testId="describe-address-dialog"
      facts={<AddressFacts ip={ip} />}
      description={ip.description}
      submit={t('lifecycle.save')}
      pending={describe.isPending}
      error={describe.error}
      onSubmit={(description) => describe.mutate(description)}
      onClose={onClose}
    />
  );
}
