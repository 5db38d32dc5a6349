import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useFailureWords } from '../http/failure-words.ts';
import { showToast } from '../ui/toast.ts';
import { runBeforeSignOut } from './before-sign-out.ts';
import { clearSessionEnd } from './session-end.ts';
import { forgetSession, signOut } from './session-queries.ts';

/** Ends the session and leaves nothing of it in the page's memory. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  const router = useRouter();
  const words = useFailureWords();
  return async () => {
    await runBeforeSignOut();
    try {
      await signOut();
    } catch (error) {
      showToast({ tone: 'bad', title: words(error).message });
      return;
    }
    // the stream of this page has been told of the end as well
    clearSessionEnd();
    forgetSession(queries, null);
    await router.navigate({ to: '/sign-in', replace: true });
  };
}
