import type { Host } from '@moru/types';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { showToast } from '../ui/toast.ts';
import { approveHost, refuseHost } from './host-queries.ts';

/** Approves or refuses the key that was compared; the lists are read again whatever came of it. */
export function useDecision(host: Host, onDone?: () => void) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const decision = useMutation({
    mutationFn: async ({ approves, fingerprint }: { approves: boolean; fingerprint: string }) => {
      await (approves ? approveHost : refuseHost)(host.instanceId, fingerprint);
    },
    onSuccess: (_result, { approves }) => {
      showToast({ title: t(approves ? 'hosts.approved' : 'hosts.refused'), detail: host.name ?? '' });
      onDone?.();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['hosts'] }),
  });
  return decision;
}
