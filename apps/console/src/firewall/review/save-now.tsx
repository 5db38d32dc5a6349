import { useTranslation } from 'react-i18next';
import { useReason } from '../../instances/use-instance-actions.ts';
import { Button } from '../../ui/button.tsx';
import { useEditor } from '../editor.tsx';
import { useSaveRules } from '../use-save-rules.ts';

/** 「Rule 설정 저장」 right after a trial that was kept without it. */
export function SaveNow({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const reason = useReason();
  const { instance, session } = useEditor();
  const save = useSaveRules(instance.id);
  return (
    <Button
      look="primary"
      reason={reason('firewall.save', instance)}
      isPending={save.isPending}
      onPress={() => save.mutate(session.host.state.revision, { onSuccess: onDone })}
    >
      {t('firewall.save')}
    </Button>
  );
}
