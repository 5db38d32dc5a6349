import { useTranslation } from 'react-i18next';
import { tableOf } from '../drafts/draft-rules.ts';
import { useEditor } from '../editor.tsx';
import { guideOptions } from './guide-options.ts';
import type { TypedText } from './read-typed.ts';

interface CommandHelpProps {
  typed: TypedText | null;
  /** words to put behind what is typed */
  onChoose: (words: string) => void;
}

/** What could come next where a command ends too early. */
export function CommandHelp({ typed, onChoose }: CommandHelpProps) {
  const { t } = useTranslation();
  const { session } = useEditor();
  const incomplete = typed?.commands.at(-1)?.incomplete;
  if (!incomplete) return null;
  const chains = tableOf(session.draft.rules, 'filter')?.chains.map(({ name }) => name) ?? [];
  const choices =
    incomplete.wants === 'chain'
      ? chains
      : incomplete.wants === 'policy' || incomplete.wants === 'target'
        ? ['ACCEPT', 'DROP', ...(incomplete.wants === 'target' ? ['REJECT', 'RETURN', 'LOG'] : [])]
        : incomplete.wants === 'table'
          ? ['filter', 'nat', 'mangle', 'raw', 'security']
          : incomplete.wants === 'protocol'
            ? ['tcp', 'udp', 'icmp']
            : incomplete.wants === 'command'
              ? guideOptions.slice(0, 12).map(({ option }) => option)
              : [];
  return (
    <div className="flex flex-wrap items-center gap-1.5 px-4 pb-2 text-12" data-testid="completion">
      <span className="text-fg-2">{t('bar.wants', { what: t(`wants.${incomplete.wants}`) })}</span>
      {choices.map((choice) => (
        <button
          type="button"
          key={choice}
          translate="no"
          onClick={() => onChoose(choice)}
          className="cursor-pointer rounded-[3px] border border-line-strong bg-surface px-1.5 py-0.5 font-mono hover:bg-hover"
        >
          {choice}
        </button>
      ))}
    </div>
  );
}

/** The guide's whole table of commands and options. */
export function GuideTable({ onChoose }: Pick<CommandHelpProps, 'onChoose'>) {
  const { t } = useTranslation();
  return (
    <dl className="grid grid-cols-[repeat(auto-fill,minmax(250px,1fr))] gap-x-6 gap-y-0.5">
      {guideOptions.map(({ option, long, word }) => (
        <div key={option} className="flex items-baseline gap-2">
          <dt>
            <button
              type="button"
              translate="no"
              onClick={() => onChoose(option)}
              className="w-14 cursor-pointer rounded-2 text-left font-mono text-12 font-semibold text-fg hover:underline"
            >
              {option}
            </button>
            <span translate="no" className="sr-only">
              {long}
            </span>
          </dt>
          <dd className="text-fg-2">{t(`guideOption.${word}`)}</dd>
        </div>
      ))}
    </dl>
  );
}
