import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { useSaveRules } from '../use-save-rules.ts';

/** 「Rule 설정 저장」 right after a trial that was kept without it. */
export function SaveNow({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const save = useSaveRules(onDone);
  return (
    <Button look="primary" {...save}>
      {t('firewall.save')}
    </Button>
  );
}
