import { apiPaths, type FirewallState, type FirewallZero } from '@moru/types';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { post } from '../../http/client.ts';
import { useFailureWords } from '../../http/failure-words.ts';
import { showToast } from '../../ui/toast.ts';
import { family, firewallQuery } from '../firewall-queries.ts';
import type { ZeroTarget } from './zero-target.ts';

/** `-Z`: sets counters to zero at once, without a draft, since nothing that is let through depends on them. */
export function useZeroCounters(instanceId: string) {
  const queries = useQueryClient();
  const words = useFailureWords();
  const { queryKey } = firewallQuery(instanceId);
  return useMutation({
    mutationFn: (target: ZeroTarget) =>
      post<FirewallState>(apiPaths.firewallZero(instanceId), { family, ...target } satisfies FirewallZero),
    onSuccess: (state) => queries.setQueryData(queryKey, state),
    onError: (error) => {
      const { message, upstream } = words(error);
      showToast({ tone: 'bad', title: message, ...(upstream ? { code: upstream } : {}) });
      void queries.invalidateQueries({ queryKey });
    },
  });
}
