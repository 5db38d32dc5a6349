import { apiPaths, type SshguardPanel, type Unblock } from '@moru/types';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get, post } from '../../http/client.ts';
import { useFailureWords } from '../../http/failure-words.ts';
import { showToast } from '../../ui/toast.ts';
import { family } from '../firewall-queries.ts';

// a ban is made within seconds, and its counters move
const lookMs = 5_000;

export function sshguardQuery(instanceId: string) {
  return queryOptions({
    queryKey: ['sshguard', instanceId],
    queryFn: ({ signal }) => get<SshguardPanel>(apiPaths.sshguard(instanceId), { family }, signal),
    refetchInterval: lookMs,
  });
}

/** Takes one block out at once: the one change that is made in another program's chain, and it is recorded. */
export function useUnblock(instanceId: string) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const words = useFailureWords();
  const { queryKey } = sshguardQuery(instanceId);
  return useMutation({
    mutationFn: ({ rule }: { rule: string; source: string }) =>
      post<SshguardPanel>(apiPaths.sshguardUnblock(instanceId), { family, rule } satisfies Unblock),
    onSuccess: (panel, { source }) => {
      queries.setQueryData(queryKey, panel);
      showToast({ tone: 'good', title: t('sshguard.unblocked'), code: source });
    },
    onError: (error) => {
      const { message, upstream } = words(error);
      showToast({ tone: 'bad', title: message, ...(upstream ? { code: upstream } : {}) });
    },
    onSettled: () => {
      void queries.invalidateQueries({ queryKey });
      void queries.invalidateQueries({ queryKey: ['firewall', instanceId] });
    },
  });
}
