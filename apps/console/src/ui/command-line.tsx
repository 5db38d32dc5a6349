import { useTranslation } from 'react-i18next';
import { CopyButton } from './copy-button.tsx';

/** A command to read and copy; it breaks between options only. */
export function CommandLine({ command }: { command: string }) {
  const { t } = useTranslation();
  return (
    <div className="flex items-start gap-1.5 font-mono text-12 leading-[1.5] text-fg-2" data-testid="command">
      <code translate="no" className="min-w-0 flex-1 [word-break:normal] wrap-anywhere">
        {options(command).map((option, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same option may stand twice
          <span key={index} className="inline-block max-w-full">
            {option}&nbsp;
          </span>
        ))}
      </code>
      <CopyButton text={command} label={t('rules.command')} />
    </div>
  );
}

/** `-p tcp`, `--dport 22`: each option with its value. */
function options(command: string): string[] {
  return command.split(/ (?=-)/);
}
