import type { TrialView } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { Address } from '../../ui/address.tsx';
import { Section } from '../../ui/section.tsx';

/** The routes that a trial takes away and makes, as the host's record has them. */
export function TriedRoutes({ view: { trial } }: { view: TrialView }) {
  const { t } = useTranslation();
  const routes = trial?.routes;
  if (!routes) return null;
  const files = trial.confirmed?.kept ?? [];
  return (
    <Section title={t('routesReview.tried')} testId="tried-routes">
      <dl className="grid gap-2 px-4 py-3">
        {routes.deleted.length > 0 && (
          <Lines name={t('routesReview.deleted')} lines={routes.deleted} mark="−" />
        )}
        {routes.added.length > 0 && <Lines name={t('routesReview.added')} lines={routes.added} mark="+" />}
        {files.length > 0 && <Lines name={t('routesReview.keepTitle')} lines={files} />}
      </dl>
    </Section>
  );
}

function Lines({ name, lines, mark }: { name: string; lines: readonly string[]; mark?: string }) {
  return (
    <div>
      <dt className="text-12 text-fg-3">{name}</dt>
      {lines.map((line) => (
        <dd key={line}>
          <Address className="whitespace-normal!">{mark ? `${mark} ${line}` : line}</Address>
        </dd>
      ))}
    </div>
  );
}
