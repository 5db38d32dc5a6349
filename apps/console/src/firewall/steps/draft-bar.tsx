import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReason } from '../../instances/use-instance-actions.ts';
import { Button, buttonLook } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { type DraftCheck, useDraftCheck } from '../checks/use-draft-check.ts';
import { countChanges } from '../drafts/changed-chains.ts';
import { canUndo } from '../drafts/draft.ts';
import { useEditor } from '../editor.tsx';
import { CopyCommands } from '../generator/copy-commands.tsx';
import { KeptMark } from './kept-mark.tsx';
import { StepList } from './step-list.tsx';
import { WorstCheck } from './worst-check.tsx';

/** At the bottom while there is a draft: how much it changes, the way back, the worst that is known, the way on. */
export function DraftBar() {
  const { t } = useTranslation();
  const { instance, session, actions, closed, generator } = useEditor();
  const { draft } = session;
  const [listed, setListed] = useState(false);
  const [discarding, setDiscarding] = useState(false);
  const count = useMemo(() => countChanges(draft), [draft]);
  // here and not where it is shown: a new draft is looked at when the hand rests, not with its first step
  const check = useDraftCheck(instance.id, session, { isWanted: !generator });
  if (draft.steps.length === 0 && draft.future.length === 0) return null;
  return (
    <section
      aria-label={t('draft.bar')}
      data-testid="draft-bar"
      className="relative flex-none border-t-2 border-heat-line bg-surface"
    >
      {listed && draft.steps.length > 0 && <StepList onClose={() => setListed(false)} />}
      <div className="flex min-h-[52px] flex-wrap items-center gap-x-1.5 gap-y-1 px-4 py-1.5 narrow:gap-x-3">
        <span className="inline-flex h-5 items-center rounded-[3px] border border-heat-line px-1.5 text-11 font-semibold text-heat-text">
          {t('draft.title')}
        </span>
        <b className="text-14 whitespace-nowrap" data-testid="draft-count">
          {t('draft.changes', { count })}
        </b>
        <Button
          look="quiet"
          size="sm"
          aria-expanded={listed}
          reason={draft.steps.length === 0 ? t('draft.noSteps') : null}
          reasonAt="above-start"
          onPress={() => setListed(!listed)}
        >
          {t('draft.steps', { count: draft.steps.length })}
        </Button>
        <Button
          look="quiet"
          size="sm"
          icon="undo"
          reasonAt="above-start"
          reason={closed ?? (canUndo(draft) ? null : t('draft.nothingToUndo'))}
          onPress={actions.undo}
        >
          <Label>{t('draft.undo')}</Label>
        </Button>
        <Button
          look="quiet"
          size="sm"
          icon="redo"
          reasonAt="above-start"
          reason={closed ?? (draft.future.length > 0 ? null : t('draft.nothingToRedo'))}
          onPress={actions.redo}
        >
          <Label>{t('draft.redo')}</Label>
        </Button>
        {discarding ? (
          <>
            <span className="text-12">{t('draft.discardAsk')}</span>
            <Button
              size="sm"
              look="bad"
              autoFocus
              onPress={() => {
                setDiscarding(false);
                actions.discard();
              }}
            >
              {t('draft.discardAll')}
            </Button>
            <Button size="sm" onPress={() => setDiscarding(false)}>
              {t('draft.keep')}
            </Button>
          </>
        ) : (
          <Button
            look="quiet"
            size="sm"
            icon="trash"
            reasonAt="above-start"
            reason={closed ?? (draft.steps.length > 0 ? null : t('draft.noSteps'))}
            onPress={() => setDiscarding(true)}
          >
            <Label>{t('draft.discard')}</Label>
          </Button>
        )}
        <KeptMark />
        <span className="flex-1" />
        <div className="flex items-center gap-3 max-narrow:w-full max-narrow:justify-between">
          {generator ? <CopyCommands /> : <ToReview check={check} />}
        </div>
      </div>
    </section>
  );
}

/** On a phone the icon stands alone, so that the rules keep their room. */
function Label({ children }: { children: ReactNode }) {
  return <span className="max-narrow:sr-only">{children}</span>;
}

/** The worst that the host says of the draft, and the way to its review. */
function ToReview({ check }: { check: DraftCheck }) {
  const { t } = useTranslation();
  const reason = useReason();
  const { instance, session } = useEditor();
  const { draft, clash } = session;
  const applyReason =
    session.trying !== null
      ? t('trial.editClosed')
      : clash
        ? t('clash.decideFirst')
        : (reason('trial.start', instance) ?? null);
  return (
    <>
      <WorstCheck check={check} />
      {applyReason || draft.steps.length === 0 ? (
        <Button look="heat" reasonAt="above-end" reason={applyReason ?? t('draft.noSteps')}>
          {t('draft.review')}
        </Button>
      ) : (
        <Link
          to="/instances/$instanceId/firewall/review"
          params={{ instanceId: instance.id }}
          data-testid="to-review"
          className={buttonLook({ look: 'heat' })}
        >
          {t('draft.review')}
          <Icon name="arrow" />
        </Link>
      )}
    </>
  );
}
