import { parseSave } from '@moru/netfilter';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { showToast } from '../../ui/toast.ts';
import { editsBetween } from '../drafts/edits-between.ts';
import { wantedOfSet } from '../drafts/wanted.ts';
import { useEditor } from '../editor.tsx';
import { readRestore } from './history-queries.ts';

/** A generation's rules as steps of the draft, whatever the draft was; `same` where nothing is left to do. */
export function useRestore(number: number) {
  const { t } = useTranslation();
  const { instance, session, actions } = useEditor();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (): Promise<'same' | 'drafted'> => {
      const { ipv4 } = await readRestore(instance.id, number);
      const { draft } = session;
      // what the host has is what is wanted: then it is the draft alone that differs
      const wanted = ipv4 ? wantedOfSet(parseSave(ipv4.rules, { unreadable: 'keep' })) : null;
      const edits = wanted ? editsBetween(draft.rules, wanted) : [];
      if (!wanted && draft.steps.length > 0) actions.discard();
      else if (edits.length === 0) return 'same';
      else actions.add(edits, [t('history.note', { number })]);
      return 'drafted';
    },
    onSuccess: (outcome) => {
      if (outcome === 'same') return;
      showToast({ tone: 'good', title: t('history.drafted', { number }) });
      void navigate({
        to: '/instances/$instanceId/firewall',
        params: { instanceId: instance.id },
        search: {},
      });
    },
  });
}
