import { printSave } from '@moru/netfilter';
import { useEffect, useMemo, useState } from 'react';
import { ruleSetOf } from '../drafts/draft-rules.ts';
import type { Session } from '../drafts/session.ts';
import { createAsker } from '../worker/asker.ts';
import type { Look, Question } from './look.ts';

const askForLook = createAsker('look');

/** What can be said of the draft without asking the host; null until it is known. */
export function useLook({ draft, host }: Session): Look | null {
  const [answer, setAnswer] = useState<{ question: Question; look: Look } | null>(null);
  const { iptables, otherBackend } = host.state;
  const backend = iptables.backend === 'nf_tables' ? 'nft' : 'legacy';
  const question = useMemo<Question>(
    () => ({
      text: printSave(ruleSetOf(draft.rules)),
      family: draft.rules.family,
      backend,
      otherRules: otherBackend,
    }),
    [draft.rules, backend, otherBackend],
  );
  useEffect(() => askForLook(question, (look) => setAnswer({ question, look })), [question]);
  return answer?.question === question ? answer.look : null;
}
