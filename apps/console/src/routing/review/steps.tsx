import type { RoutingChecked } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { CommandLine } from '../../ui/command-line.tsx';
import { Section } from '../../ui/section.tsx';

type Plan = NonNullable<RoutingChecked['plan']>;

/** The change as somebody would type it: in the guide's words where they can say it, and as the host runs it. */
export function Steps({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  if (plan.commands.length === 0) return null;
  const guide = plan.commands.flatMap(({ route }) => route ?? []);
  return (
    <Section title={t('routesReview.steps')} testId="route-steps">
      <div className="grid gap-3 px-4 py-3">
        {guide.length > 0 && (
          <div className="grid gap-0.5">
            <h3 className="text-12 text-fg-3">{t('routesReview.guideForm')}</h3>
            {guide.map((command) => (
              <CommandLine key={command} command={command} />
            ))}
          </div>
        )}
        <div className="grid gap-0.5">
          <h3 className="text-12 text-fg-3">{t('routesReview.ipForm')}</h3>
          {plan.commands.map(({ ip }) => (
            <CommandLine key={ip} command={ip} />
          ))}
        </div>
      </div>
    </Section>
  );
}
