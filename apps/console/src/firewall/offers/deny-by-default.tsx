import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFailureWords } from '../../http/failure-words.ts';
import { Button } from '../../ui/button.tsx';
import { showToast } from '../../ui/toast.ts';
import { administratorQuery, missingAccess } from '../check-queries.ts';
import { addEdits } from '../drafts/draft.ts';
import { chainOf } from '../drafts/draft-rules.ts';
import { useEditor } from '../editor.tsx';
import { denyByDefault, keepAccess } from './offered-edits.ts';

/** [기본 차단으로 전환]: steps of the draft that leave the administrator and Moru inside. */
export function DenyByDefault() {
  const { t } = useTranslation();
  const { session, closed } = useEditor();
  const turn = useDenyByDefault();
  if (chainOf(session.draft.rules, 'filter', 'INPUT')?.policy === 'DROP') return null;
  return (
    <div className="mt-3 grid justify-items-start gap-1.5 border-t border-line pt-3">
      <p className="text-fg-2">{t('deny.text')}</p>
      <Button
        icon="shield"
        reason={closed}
        reasonAt="below-start"
        isPending={turn.isPending}
        onPress={() => turn.mutate()}
      >
        {t('deny.action')}
      </Button>
    </div>
  );
}

function useDenyByDefault() {
  const { t } = useTranslation();
  const { instance, session, actions } = useEditor();
  const queries = useQueryClient();
  const words = useFailureWords();
  return useMutation({
    mutationFn: async () => {
      const { host, draft } = session;
      // the address may be unknown, and the host out of reach: the review then says what is missing
      const administrator = await queries.fetchQuery(administratorQuery(instance.id, host)).catch(() => null);
      const denied = addEdits(draft, denyByDefault(draft.rules, administrator));
      const steps = await missingAccess(instance.id, host, denied.rules);
      return [...keepAccess(draft.rules, steps), ...denyByDefault(draft.rules, administrator)];
    },
    onSuccess: (edits) => {
      actions.add(edits);
      showToast({ title: t('deny.done') });
    },
    onError: (error) => {
      const { draft } = session;
      actions.add(denyByDefault(draft.rules, null));
      showToast({ tone: 'bad', title: t('deny.partly'), detail: words(error).message });
    },
  });
}
