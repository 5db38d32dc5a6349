import { useCallback, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { useTranslation } from 'react-i18next';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import { showToast } from './toast.ts';

interface CopyButtonProps {
  text: string;
  /** what is copied, as it is called on screen */
  label: string;
  className?: string;
}

export function CopyButton({ text, label, className }: CopyButtonProps) {
  const { t } = useTranslation();
  const copy = useCopy();
  const [copied, setCopied] = useState(false);
  return (
    <AriaButton
      aria-label={t('common.copyOf', { what: label })}
      onPress={async () => setCopied(await copy(text, label))}
      onHoverEnd={() => setCopied(false)}
      onBlur={() => setCopied(false)}
      className={cx(
        'inline-grid size-6 flex-none cursor-pointer place-items-center rounded-[3px] align-middle text-fg-3 data-hovered:bg-hover data-hovered:text-fg',
        className,
      )}
    >
      <Icon name={copied ? 'check' : 'copy'} size={13} />
    </AriaButton>
  );
}

/** Copies a text and says so, with what has to be known of it; false when the browser does not allow it. */
export function useCopy(): (text: string, label: string, note?: string | undefined) => Promise<boolean> {
  const { t } = useTranslation();
  return useCallback(
    async (text, label, note) => {
      try {
        await navigator.clipboard.writeText(text);
        const detail = note ? { detail: note } : {};
        showToast({ title: t('common.copied', { what: label }), code: text, ...detail });
        return true;
      } catch {
        showToast({ tone: 'bad', title: t('common.copyRefused'), code: text });
        return false;
      }
    },
    [t],
  );
}
