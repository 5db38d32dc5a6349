import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { useCopy } from '../../ui/copy-button.tsx';
import { commandsOfDraft } from '../drafts/step-commands.ts';
import { useEditor } from '../editor.tsx';

/** The commands of the whole draft, to be typed on the host in this order. */
export function CopyCommands() {
  const { t } = useTranslation();
  const copy = useCopy();
  const { session, dialect } = useEditor();
  const { draft } = session;
  const commands = useMemo(() => [...commandsOfDraft(draft, dialect).values()].flat(), [draft, dialect]);
  return (
    <Button
      look="heat"
      icon="copy"
      data-testid="copy-commands"
      reasonAt="above-end"
      reason={commands.length === 0 ? t('draft.noSteps') : null}
      onPress={() => void copy(commands.join('\n'), t('generator.commands', { count: commands.length }))}
    >
      {t('generator.copy')}
    </Button>
  );
}
