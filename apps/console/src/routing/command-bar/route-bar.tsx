import type { Instance, RoutingState } from '@moru/types';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReason } from '../../instances/use-instance-actions.ts';
import { useAnnounce } from '../../ui/announcer.tsx';
import { Button } from '../../ui/button.tsx';
import { CommandField } from '../../ui/command-field.tsx';
import { useRoutesReview } from '../gateways.tsx';
import { exampleCommands } from './examples.ts';
import { readRoutes } from './read-route.ts';
import { RouteNotes } from './route-notes.tsx';

/** A paste of more than this is no list of routes. */
const longestText = 4_000;

/** `sudo route …`, `ip route …`: questions show the table, changes go to the review. Never a shell. */
export function RouteBar({ instance, state }: { instance: Instance; state: RoutingState }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const review = useRoutesReview(instance.id);
  const navigate = useNavigate({ from: '/instances/$instanceId/routing' });
  const reason = useReason()('change.check', instance);
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const examples = exampleCommands(state);
  const settled = useDeferredValue(text);
  const typed = useMemo(() => (settled.trim() === '' ? null : readRoutes(settled, state)), [settled, state]);

  const run = () => {
    const { commands, edits } = readRoutes(text, state);
    if (edits.length > 0) {
      if (reason === null) review(edits);
      return;
    }
    const asked = commands.length === 1 ? commands[0]?.meaning : undefined;
    if (asked?.kind !== 'view') return;
    setText('');
    announce(t('routeBar.shown'));
    void navigate({ search: asked.view === 'route' ? {} : { view: asked.view }, replace: true });
    document.getElementById('route-table')?.scrollIntoView({ block: 'nearest' });
  };

  return (
    <section aria-label={t('routeBar.label')} className="flex-none border-t border-line-strong bg-sunken">
      <CommandField
        label={t('routeBar.label')}
        testId="route-bar"
        placeholder={examples[0] ?? ''}
        value={text}
        isInvalid={typed?.commands.some(({ meaning }) => meaning.kind === 'error') ?? false}
        notes="route-notes"
        inputRef={input}
        onChange={(typed) => setText(typed.slice(0, longestText))}
        onPaste={(event) => {
          const pasted = event.clipboardData.getData('text/plain').trim();
          if (!pasted.includes('\n')) return;
          // one line takes no line feeds; a semicolon divides commands just as well
          event.preventDefault();
          setText(joined(pasted).slice(0, longestText));
        }}
        onEnter={run}
        onEscape={() => setText('')}
      >
        <RouteNotes id="route-notes" typed={typed} reason={reason} />
      </CommandField>
      {text === '' && (
        <ul
          aria-label={t('routeBar.examples')}
          className="flex flex-wrap gap-1 px-4 pb-1.5 max-narrow:hidden"
        >
          {examples.map((example) => (
            <li key={example}>
              <Button
                look="quiet"
                size="xs"
                onPress={() => {
                  setText(example);
                  input.current?.focus();
                }}
              >
                <code translate="no" className="font-mono font-normal">
                  {example}
                </code>
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Comment lines go: they would take what follows in the line with them. */
function joined(pasted: string): string {
  const lines = pasted.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#')).join(' ; ');
}
