import type { Repair } from '@moru/netfilter';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icon.tsx';

// a pasted page may be mended a thousand times over
const mostShown = 4;

/** Every mended word is shown as it was and as it is: nothing changes silently. */
export function RepairNotes({ repairs }: { repairs: readonly Repair[] }) {
  const { t } = useTranslation();
  if (repairs.length === 0) return null;
  return (
    <span data-testid="repairs" className="flex flex-wrap items-center gap-x-2 text-warn">
      <Icon name="unknown" size={11} />
      {repairs.slice(0, mostShown).map(({ kind, from, to, offset }) => (
        <span key={offset}>
          <span translate="no" className="font-mono">
            {visible(from) || t(`repair.${kind}`)}
          </span>
          {' → '}
          <span translate="no" className="font-mono">
            {visible(to) || t('repair.removed')}
          </span>
        </span>
      ))}
      {repairs.length > mostShown && t('repair.more', { count: repairs.length - mostShown })}
      {t('repair.done')}
    </span>
  );
}

/** Blanks and invisible characters by their code, since they could not be seen. */
function visible(text: string): string {
  return text.replaceAll(/[\p{C}\p{Z}]/gu, (letter) =>
    letter === ' ' ? ' ' : `U+${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}
