import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icon.tsx';
import { useEditor } from '../editor.tsx';

/** Whether a reload would lose anything. */
export function KeptMark() {
  const { t } = useTranslation();
  const { keeping } = useEditor();
  return (
    <span
      role="status"
      data-testid="draft-kept"
      data-state={keeping}
      className={
        keeping === 'failed'
          ? 'flex items-center gap-1 text-12 text-warn'
          : 'text-12 text-fg-3 max-narrow:sr-only'
      }
    >
      {keeping === 'failed' && <Icon name="unknown" size={12} />}
      {t(`draft.kept.${keeping}`)}
    </span>
  );
}
