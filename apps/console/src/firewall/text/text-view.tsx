import { NetfilterError } from '@moru/netfilter';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionQuery } from '../../session/session-queries.ts';
import { useAnnounce } from '../../ui/announcer.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { onDemand } from '../../ui/on-demand.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { RepairNotes } from '../command-bar/repair-notes.tsx';
import { changedChains } from '../drafts/changed-chains.ts';
import { sessionKey } from '../drafts/session-store.ts';
import { useEditor } from '../editor.tsx';
import { ChainRail } from '../rules/chain-rail.tsx';
import type { Place } from '../rules/place.ts';
import { useErrorWords } from '../words/field-words.ts';
import type { TextError } from './read-text.ts';
import { longestText, type TextState, useText } from './use-text.ts';

const CodeEditor = onDemand(
  () => import('./code-editor.tsx').then((module) => module.CodeEditor),
  <Skeleton rows={8} />,
);

/** A whole table as iptables-save text: another way to edit the same draft. */
export function TextView({ place }: { place: Place }) {
  const { t } = useTranslation();
  const { instance, session, closed } = useEditor();
  const announce = useAnnounce();
  const words = useErrorWords();
  const { table, chain } = place;
  const { data: signedIn } = useQuery(sessionQuery);
  const key = sessionKey(signedIn?.user.id ?? '', instance.id);
  const state = useText(key, table, (count) => announce(t('text.applied', { count })));
  const changed = useMemo(() => changedChains(session.draft), [session.draft]);
  const error = state.read?.error ?? null;
  const marked = useMemo(
    () =>
      error && {
        ...{ line: error.line, column: error.column, word: error.word },
        message: words(asError(error)),
      },
    // the words themselves change with the language only, and with it the page
    [error, words],
  );
  const reason =
    closed ??
    (state.isChanged ? null : t('text.same')) ??
    (state.isTooLong ? t('text.tooLong', { most: longestText.toLocaleString() }) : null) ??
    (error ? t('text.hasError') : null);
  return (
    <div className="relative grid min-h-0 flex-1 wide:grid-cols-[196px_minmax(0,1fr)]">
      <ChainRail instanceId={instance.id} rules={session.draft.rules} place={place} changed={changed} />
      <section
        aria-label={t('text.label', { table })}
        data-testid="text-view"
        className="flex min-h-80 min-w-0 flex-col bg-surface"
      >
        <header className="flex min-h-[46px] flex-none flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
          <h2 className="text-14" translate="no">
            {table}
          </h2>
          <p className="min-w-0 flex-1 basis-52 text-12 text-fg-2">{t('text.hint')}</p>
          <Button
            size="sm"
            icon="undo"
            reason={state.isChanged ? null : t('text.same')}
            onPress={state.restart}
          >
            {t('text.restart')}
          </Button>
          <Button
            size="sm"
            look="primary"
            data-testid="apply-text"
            reason={reason}
            onPress={() => state.apply(state.text)}
          >
            {t('text.apply')}
          </Button>
        </header>
        <CodeEditor
          label={t('text.label', { table })}
          text={state.text}
          readOnly={closed !== null}
          error={marked}
          show={`:${chain} `}
          onText={state.write}
          onSubmit={(text) => closed === null && state.apply(text)}
        />
        <TextNotes state={state} error={error} />
      </section>
    </div>
  );
}

const asError = ({ code, ...place }: TextError): NetfilterError => new NetfilterError(code, place);

/** Beneath the text: what is wrong, what was mended, and what will not be done. */
function TextNotes({ state, error }: { state: TextState; error: TextError | null }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  // the line is told of the first one too: a file has many
  const lineWords = (wrong: TextError) =>
    t('errorAt.line', { line: wrong.line, said: words(asError({ ...wrong, line: 1 })) });
  const { read, isChanged, isBehind, isTooLong, foreign, refused } = state;
  const count = read?.chains?.reduce((sum, { rules }) => sum + rules.length, 0) ?? 0;
  return (
    <div className="grid flex-none gap-1 border-t border-line px-4 py-2 text-12" aria-live="polite">
      <p data-testid="text-state" className={error ? 'text-bad' : 'text-fg-2'}>
        {isTooLong
          ? t('text.tooLong', { most: longestText.toLocaleString() })
          : error
            ? lineWords(error)
            : read
              ? t(isChanged ? 'text.right' : 'text.same', { count })
              : t('text.reading')}
      </p>
      <RepairNotes repairs={read?.repairs ?? []} />
      {foreign.length > 0 && (
        <p className="text-warn" data-testid="text-foreign">
          {t('text.foreign', { chains: foreign.join(', ') })}
        </p>
      )}
      {isBehind && refused !== 'clash' && <p className="text-fg-2">{t('text.behind')}</p>}
      {refused === 'clash' && (
        <Banner tone="warn" role="alert" title={t('text.clash')}>
          {t('text.clashText')}
        </Banner>
      )}
      {refused instanceof NetfilterError && <p className="text-bad">{words(refused)}</p>}
    </div>
  );
}
