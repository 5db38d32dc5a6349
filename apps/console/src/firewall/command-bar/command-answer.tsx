import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnnounce } from '../../ui/announcer.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ZeroButton, ZeroText } from '../counters/zero-dialog.tsx';
import { draftRule, type ZeroTarget } from '../counters/zero-target.ts';
import { chainOf } from '../drafts/draft-rules.ts';
import { useEditor } from '../editor.tsx';
import { outputQuery } from '../firewall-queries.ts';
import { useSaveRules } from '../use-save-rules.ts';
import { useAdviceWords } from '../words/advice-words.ts';
import { GuideTable } from './command-help.tsx';
import { isSavedFile, type Typed, type TypedMeaning } from './read-typed.ts';

type TypedZero = Extract<TypedMeaning, { kind: 'zero' }>;

/** A command that asked something, and what there is to say. */
export interface Shown {
  command: Typed;
  /** which question it was: the same one may be asked again */
  asked: number;
}

/** Above the command bar: the answer to the last question. */
export function CommandAnswer({ shown, onClose }: { shown: Shown; onClose: () => void }) {
  const { t } = useTranslation();
  const advice = useAdviceWords();
  const { command } = shown;
  return (
    <section
      aria-label={t('bar.answer')}
      data-testid="command-answer"
      className="border-b border-line bg-surface"
    >
      <header className="flex items-center gap-2 px-4 pt-2">
        <code translate="no" className="min-w-0 flex-1 truncate font-mono text-12 text-fg-2">
          {command.text}
        </code>
        <Button look="quiet" size="xs" icon="close" aria-label={t('common.close')} onPress={onClose} />
      </header>
      <div className="grid max-h-72 gap-2 overflow-auto px-4 pt-1 pb-3">
        {command.advice.map((each) => (
          <p key={each.code} className="text-12 text-fg-2">
            {advice(each)}
          </p>
        ))}
        <Answer command={command} />
      </div>
    </section>
  );
}

function Answer({ command: { meaning } }: { command: Typed }): ReactNode {
  const { t } = useTranslation();
  const { instance, generator } = useEditor();
  if (generator && /^(output|save|zero)$/.test(meaning.kind)) return <p>{t('generator.noOutput')}</p>;
  switch (meaning.kind) {
    case 'output':
      return (
        <>
          <HostOutput kind={meaning.output} />
          {meaning.output === 'save' && <SaveOffer />}
        </>
      );
    case 'answer':
      return <Text text={meaning.text} />;
    case 'found':
      return (
        <p className="font-semibold">
          {meaning.number === null
            ? t('bar.notFound')
            : t('bar.found', { chain: meaning.chain, number: meaning.number })}
        </p>
      );
    case 'save':
      return isSavedFile(meaning.path) ? <SaveOffer /> : <p>{t('bar.onlyFile')}</p>;
    case 'zero':
      return <ZeroOffer meaning={meaning} />;
    case 'help':
      return <GuideTable onChoose={() => {}} />;
    case 'elsewhere':
      return (
        <p>
          {t(`bar.elsewhere.${meaning.where}`)}{' '}
          {meaning.where === 'routes' && (
            <Link
              to="/instances/$instanceId/routing"
              params={{ instanceId: instance.id }}
              className="text-link"
            >
              {t('bar.toRoutes')}
            </Link>
          )}
        </p>
      );
    default:
      return null;
  }
}

function HostOutput({ kind }: { kind: Parameters<typeof outputQuery>[1] }) {
  const { t } = useTranslation();
  const { instance } = useEditor();
  const output = useQuery(outputQuery(instance.id, kind));
  if (output.error) return <FailureNotice error={output.error} onRetry={() => output.refetch()} />;
  if (!output.data) return <Skeleton rows={2} />;
  return <Text text={output.data.text || t('output.empty')} />;
}

function Text({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <div className="flex items-start gap-2">
      <ScrollRegion label={t('bar.answer')} className="min-w-0 flex-1">
        <pre
          translate="no"
          data-testid="answer-text"
          className="w-max min-w-full font-mono text-12 leading-[1.5]"
        >
          {text}
        </pre>
      </ScrollRegion>
      <CopyButton text={text} label={t('output.title')} />
    </div>
  );
}

/** `-Z`: done at once, after this question. */
function ZeroOffer({ meaning }: { meaning: TypedZero }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [done, setDone] = useState(false);
  const { session } = useEditor();
  const { table, chain, number } = meaning;
  if (chain !== null && chainOf(session.draft.rules, table, chain)?.foreign)
    return <p>{t('zero.foreign', { chain })}</p>;
  // told here and not by a toast, which would lie over the next question
  if (done) return <p className="font-semibold">{t('zero.done')}</p>;
  const target =
    chain === null || number === null
      ? { table: table as ZeroTarget['table'], chain, rule: null }
      : draftRule(session, table, chain, number);
  if (!target) return <p>{t('zero.notThere')}</p>;
  return (
    <div className="grid gap-2">
      <ZeroText target={target} />
      <div className="flex flex-wrap items-center gap-2">
        <ZeroButton
          target={target}
          size="sm"
          onDone={() => {
            announce(t('zero.done'));
            setDone(true);
          }}
        />
        <span className="text-12 text-fg-2">{t('zero.note')}</span>
      </div>
    </div>
  );
}

/** What the guide means by `iptables-save`: the running rules into the file. */
function SaveOffer() {
  const { t } = useTranslation();
  const save = useSaveRules();
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button size="sm" reasonAt="below-start" {...save}>
        {t('firewall.save')}
      </Button>
      <span className="text-12 text-fg-2">{t('bar.saveText')}</span>
    </div>
  );
}
