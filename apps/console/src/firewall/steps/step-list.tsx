import type { DraftStep } from '@moru/types';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { CommandLine } from '../../ui/command-line.tsx';
import { commandsOfDraft } from '../drafts/step-commands.ts';
import { useEditor } from '../editor.tsx';

// what is further up is seen by scrolling; a thousand rows would not be read
const mostShown = 300;

/** The steps of the draft with the commands that they equal; each can be taken out. */
export function StepList({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { session, actions, dialect, closed } = useEditor();
  const { draft } = session;
  const commands = useMemo(() => commandsOfDraft(draft, dialect), [draft, dialect]);
  const shown = draft.steps.slice(-mostShown);
  return (
    <div data-testid="step-list" className="max-h-72 overflow-auto border-b border-line">
      <div className="sticky top-0 flex items-center gap-2 bg-surface px-4 pt-2 pb-1">
        <h3 className="flex-1 text-12 text-fg-3">{t('draft.stepsTitle')}</h3>
        <Button look="quiet" size="xs" icon="close" aria-label={t('common.close')} onPress={onClose} />
      </div>
      <ol className="px-4 pb-2">
        {shown.map((step, index) => (
          <StepRow
            key={step.id}
            step={step}
            number={draft.steps.length - shown.length + index + 1}
            commands={commands.get(step.id) ?? []}
            problem={draft.problems.get(step.id) ?? null}
            closed={closed}
            onRemove={() => actions.removeStep(step.id)}
          />
        ))}
      </ol>
    </div>
  );
}

interface StepRowProps {
  step: DraftStep;
  number: number;
  commands: string[];
  problem: string | null;
  closed: string | null;
  onRemove: () => void;
}

function StepRow({ step, number, commands, problem, closed, onRemove }: StepRowProps) {
  const { t } = useTranslation();
  return (
    <li
      data-testid="draft-step"
      className="grid grid-cols-[28px_minmax(0,1fr)_auto] items-start gap-x-2 border-t border-line py-1.5"
    >
      <span className="text-12 text-fg-3 tabular-nums">{number}</span>
      <div className="grid gap-0.5">
        {step.notes?.map((note) => (
          <p key={note} className="text-12 text-fg-3">
            # {note}
          </p>
        ))}
        {commands.map((command) => (
          <CommandLine key={command} command={command} />
        ))}
        {commands.length === 0 && (
          <p className="text-12 text-fg-2">{t(problem ? 'draft.stepLost' : `draft.kind.${step.type}`)}</p>
        )}
      </div>
      <Button
        look="quiet"
        size="xs"
        icon="close"
        reason={closed}
        aria-label={t('draft.removeStep', { number })}
        onPress={onRemove}
      />
    </li>
  );
}
