import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';

interface ChosenBarProps {
  count: number;
  reason: string | null;
  onDelete: () => void;
  onTurn: (off: boolean) => void;
  /** why they cannot be copied to other hosts; null where they can */
  copyReason: string | null;
  onCopy: () => void;
  onClear: () => void;
}

/** What can be done with several rules at once. */
export function ChosenBar(props: ChosenBarProps) {
  const { count, reason, onDelete, onTurn, copyReason, onCopy, onClear } = props;
  const { t } = useTranslation();
  return (
    <div
      role="toolbar"
      aria-label={t('chosen.label')}
      className="flex min-h-9 flex-none flex-wrap items-center gap-2 border-b border-line bg-selected px-4 py-1 text-12"
    >
      <b>{t('chosen.count', { count })}</b>
      <span className="text-fg-2">{t('chosen.keys')}</span>
      <span className="flex-1" />
      <Button size="xs" reason={reason} onPress={() => onTurn(true)}>
        {t('rowMenu.off')}
      </Button>
      <Button size="xs" reason={reason} onPress={() => onTurn(false)}>
        {t('rowMenu.on')}
      </Button>
      <Button size="xs" icon="copy" reason={copyReason} data-testid="copy-chosen" onPress={onCopy}>
        {t('transfer.copy')}
      </Button>
      <Button size="xs" icon="trash" reason={reason} onPress={onDelete}>
        {t('rules.delete')}
      </Button>
      <Button size="xs" look="quiet" onPress={onClear}>
        {t('chosen.clear')}
      </Button>
    </div>
  );
}
