import { apiPaths, type InstanceColumn, type InstanceListPreference, type Session } from '@moru/types';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { put } from '../../http/client.ts';
import { sessionQuery } from '../../session/session-queries.ts';
import { showToast } from '../../ui/toast.ts';

export interface ListPreference {
  /** null: those that fit the screen */
  chosen: readonly InstanceColumn[] | null;
  widths: InstanceListPreference['widths'];
  choose: (columns: InstanceColumn[]) => void;
  /** null: as wide as what stands in it */
  resize: (column: InstanceColumn | 'name', width: number | null) => void;
  /** as if nothing had ever been chosen */
  reset: () => void;
}

// one after the other, so that the last choice is the one that stays
let saving: Promise<unknown> = Promise.resolve();

const untouched: InstanceListPreference = { columns: null, widths: {} };

/** How the user likes the list, as they left it in whatever browser. It is shown at once and kept behind that. */
export function useListPreference(): ListPreference {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const userId = session?.user.id;
  // what the query holds reaches the page a moment later, in which a box that was ticked would not be
  const [latest, setLatest] = useState<{ userId: string | undefined; it: InstanceListPreference } | null>(
    null,
  );
  const kept =
    (latest?.userId === userId ? latest?.it : null) ?? session?.preferences.instanceList ?? untouched;
  return useMemo(() => {
    const keep = (instanceList: InstanceListPreference) => {
      setLatest({ userId, it: instanceList });
      queries.setQueryData(
        sessionQuery.queryKey,
        (now: Session | null | undefined) => now && { ...now, preferences: { instanceList } },
      );
      saving = saving
        .then(() => put(apiPaths.instanceListPreference, instanceList))
        .catch(() => showToast({ tone: 'bad', title: t('instances.columnsNotKept'), topic: 'columns' }));
    };
    const { columns, widths } = kept;
    return {
      chosen: columns,
      widths,
      choose: (chosen) => keep({ columns: chosen, widths }),
      resize: (column, width) => {
        const { [column]: _old, ...others } = widths;
        keep({ columns, widths: width === null ? others : { ...others, [column]: width } });
      },
      reset: () => keep(untouched),
    };
  }, [kept, userId, queries, t]);
}
