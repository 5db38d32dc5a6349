import type { MergeConflict, Rule } from '@moru/netfilter';
import type { TableName } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { useEditor } from '../editor.tsx';
import { ruleSentence } from '../words/rule-words.ts';

/** The host's rules moved under the draft so that both cannot stand: what was, what is there now, what the draft wants. */
export function ClashBanner() {
  const { t } = useTranslation();
  const { session, actions, closed } = useEditor();
  const { clash } = session;
  if (!clash) return null;
  return (
    <div className="flex-none px-4 py-2" data-testid="clash">
      <Banner
        tone="warn"
        stacked
        title={t('clash.title')}
        actions={
          <>
            <Button
              size="sm"
              reason={closed}
              data-testid="clash-merge"
              onPress={() => actions.decide(clash.merged)}
            >
              {t('clash.merge')}
            </Button>
            <Button size="sm" reason={closed} onPress={actions.discard}>
              {t('clash.discard')}
            </Button>
          </>
        }
      >
        <p>{t('clash.text')}</p>
        <ul className="max-h-40 overflow-auto">
          {clash.conflicts.map((conflict) => (
            <Conflict
              key={JSON.stringify([conflict.table, conflict.chain, keyOf(conflict)])}
              conflict={conflict}
            />
          ))}
        </ul>
      </Banner>
    </div>
  );
}

function keyOf(conflict: MergeConflict): string {
  return 'at' in conflict ? `${conflict.kind} ${conflict.at}` : conflict.kind;
}

function Conflict({ conflict }: { conflict: MergeConflict }) {
  const { t } = useTranslation();
  const { table, chain } = conflict;
  const words = (rules: readonly Rule[]) =>
    rules.map((rule) => ruleSentence(t, rule, table as TableName, chain)).join(' / ') || t('clash.none');
  return (
    <li className="border-t border-warn-line py-1 text-12">
      <b translate="no">{table === 'filter' ? chain : `${table} ${chain}`}</b>{' '}
      {'mine' in conflict && (
        <>
          {t('clash.was')} {conflict.base ? words([conflict.base]) : t('clash.none')} · {t('clash.theirs')}{' '}
          {words(conflict.theirs)} · {t('clash.mine')} {words(conflict.mine)}
        </>
      )}
    </li>
  );
}
