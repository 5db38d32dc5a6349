import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFailureWords } from '../http/failure-words.ts';
import { showToast } from '../ui/toast.ts';
import { family, firewallQuery, saveRules } from './firewall-queries.ts';

/** 「Rule 설정 저장」: writes what runs now to the host's file. Takes the revision that the user has seen. */
export function useSaveRules(instanceId: string) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const words = useFailureWords();
  const { queryKey } = firewallQuery(instanceId);
  return useMutation({
    mutationFn: (revision: string) => saveRules(instanceId, { family, revision }),
    onSuccess: (state) => {
      queries.setQueryData(queryKey, state);
      void queries.invalidateQueries({ queryKey: ['instances'] });
      showToast({ title: t('firewall.savedNow'), code: state.saved.path });
    },
    onError: (error) => {
      const { message, upstream } = words(error);
      showToast({ tone: 'bad', title: message, ...(upstream ? { code: upstream } : {}) });
      void queries.invalidateQueries({ queryKey });
    },
  });
}
