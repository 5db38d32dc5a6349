import type { RouteAdvice } from '@moru/netfilter';
import { useTranslation } from 'react-i18next';
import { RepairNotes } from '../../firewall/command-bar/repair-notes.tsx';
import { useErrorWords } from '../../firewall/words/field-words.ts';
import { Icon } from '../../ui/icon.tsx';
import type { TypedRoute, TypedRoutes } from './read-route.ts';

interface RouteNotesProps {
  id: string;
  typed: TypedRoutes | null;
  /** why this user cannot have changes reviewed */
  reason: string | null;
}

/** Beside what is typed: what was mended, what is wrong, what it will and will not do. */
export function RouteNotes({ id, typed, reason }: RouteNotesProps) {
  const { t } = useTranslation();
  const problems = useProblems();
  const advice = (each: RouteAdvice) => t(`routeBar.advice.${adviceKeys[each.code]}`, each.params);
  const wrong = typed?.commands.flatMap((command) => problems(command)) ?? [];
  // what a command says of the routes that the one before it left; the last one's holds for all
  const last = typed?.commands.at(-1);
  const isChange = typed?.commands.some(({ meaning }) => meaning.kind === 'edits');
  return (
    <div id={id} aria-live="polite" className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-0.5 text-12">
      {typed && <RepairNotes repairs={typed.repairs} />}
      {wrong.map((text) => (
        <span key={text} data-testid="route-error" className="flex items-center gap-1.5 text-bad">
          <Icon name="lost" size={11} />
          {text}
        </span>
      ))}
      {last?.advice.map((each) => (
        <span key={each.code} data-testid="route-advice" className="flex items-center gap-1.5 text-fg-2">
          <Icon name="unknown" size={11} className="text-warn" />
          {advice(each)}
        </span>
      ))}
      {typed && wrong.length === 0 && !last?.incomplete && (
        <span className="flex items-center gap-1.5 text-fg-3">
          <kbd translate="no" className="rounded-[3px] border border-line-strong bg-surface px-1.5 text-11">
            Enter
          </kbd>
          {isChange
            ? (reason ?? t('routeBar.toReview', { count: typed.edits.length }))
            : t('routeBar.toTable')}
        </span>
      )}
    </div>
  );
}

const adviceKeys = {
  'route.severalDefaults': 'severalDefaults',
  'route.lastDefault': 'lastDefault',
  'route.missing': 'missing',
  'route.first': 'first',
} as const;

function useProblems(): (command: TypedRoute) => string[] {
  const { t } = useTranslation();
  const words = useErrorWords();
  return ({ meaning, incomplete }) => {
    if (meaning.kind === 'refused') return [t(`routeBar.refused.${meaning.why}`)];
    return meaning.kind === 'error' && !incomplete ? [words(meaning.error)] : [];
  };
}
