import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useReason } from '../../instances/use-instance-actions.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useEditor } from '../editor.tsx';
import { outputQuery } from '../firewall-queries.ts';
import { useSaveRules } from '../use-save-rules.ts';
import { useAdviceWords } from '../words/advice-words.ts';
import { GuideTable } from './command-help.tsx';
import { isSavedFile, type Typed } from './read-typed.ts';

/** A command that asked something, and what there is to say. */
export interface Shown {
  command: Typed;
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
  const { instance } = useEditor();
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
    case 'help':
      return <GuideTable onChoose={() => {}} />;
    case 'elsewhere':
      return (
        <p>
          {t(`bar.elsewhere.${meaning.where}`)}{' '}
          {meaning.where === 'routes' && (
            <Link
              to="/instances/$instanceId/network"
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

/** What the guide means by `iptables-save`: the running rules into the file. */
function SaveOffer() {
  const { t } = useTranslation();
  const reason = useReason();
  const { instance, session } = useEditor();
  const save = useSaveRules(instance.id);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button
        size="sm"
        reason={reason('firewall.save', instance)}
        reasonAt="below-start"
        isPending={save.isPending}
        onPress={() => save.mutate(session.host.state.revision)}
      >
        {t('firewall.save')}
      </Button>
      <span className="text-12 text-fg-2">{t('bar.saveText')}</span>
    </div>
  );
}
