import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFailureWords } from '../http/failure-words.ts';
import { useReason } from '../instances/use-instance-actions.ts';
import { showToast } from '../ui/toast.ts';
import { useEditor } from './editor.tsx';
import { family, firewallQuery, saveRules } from './firewall-queries.ts';

/**
 * 「Rule 설정 저장」: writes what runs now to the host's file. Takes the revision that the user has seen, so it is
 * closed while what is seen is tried, and until the host was read after that. What a button needs to offer it.
 */
export function useSaveRules(onDone?: () => void) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const words = useFailureWords();
  const reason = useReason();
  const { instance, session } = useEditor();
  const { queryKey } = firewallQuery(instance.id);
  const { isPending, mutate } = useMutation({
    mutationFn: (revision: string) => saveRules(instance.id, { family, revision }),
    onSuccess: (state) => {
      queries.setQueryData(queryKey, state);
      // what is saved is kept as a generation too
      for (const stale of [['instances'], ['generations', instance.id]]) {
        void queries.invalidateQueries({ queryKey: stale });
      }
      showToast({ title: t('firewall.savedNow'), code: state.saved.path });
    },
    onError: (error) => {
      const { message, upstream } = words(error);
      showToast({ tone: 'bad', title: message, ...(upstream ? { code: upstream } : {}) });
      void queries.invalidateQueries({ queryKey });
    },
  });
  return {
    reason:
      reason('firewall.save', instance) ?? (session.trying === null ? null : t('firewall.saveAfterTrial')),
    isPending,
    onPress: () => mutate(session.host.state.revision, onDone && { onSuccess: onDone }),
  };
}
