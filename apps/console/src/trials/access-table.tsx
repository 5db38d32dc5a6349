import type { AccessPath, AccessReport, DecidingRule, Judgement } from '@moru/types';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { State, type StateKind } from '../ui/badge.tsx';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { worstFirst } from './worst-path.ts';

const kinds: Record<Judgement['state'], StateKind> = {
  kept: 'good',
  lost: 'lost',
  unknown: 'unknown',
  none: 'off',
};
const control = ['consoleAgent', 'consoleSsh', 'administratorSsh'] as const;
const others = ['dns', 'time', 'sshguard'] as const;

interface AccessTableProps {
  instanceId: string;
  access: AccessReport;
  /** address of the administrator, and the way to change it */
  administrator: ReactNode;
}

/** Who could still reach the host: three fixed rows, the others folded. */
export function AccessTable({ instanceId, access, administrator }: AccessTableProps) {
  const { t } = useTranslation();
  const worst = (paths: readonly string[]) =>
    access.paths.filter(({ path }) => paths.includes(path)).toSorted(worstFirst)[0];
  const rest = worst(others);
  return (
    <section
      aria-label={t('review.access')}
      className="rounded-6 border border-line bg-surface"
      data-testid="access"
    >
      <header className="flex min-h-10 items-center gap-2 border-b border-line px-4">
        <h2 className="text-14">{t('review.access')}</h2>
        <span className="text-12 text-fg-3">{t('review.accessNote')}</span>
      </header>
      <ScrollRegion label={t('review.access')}>
        <table className="w-full">
          <thead>
            <tr className="text-left text-12 whitespace-nowrap text-fg-3">
              <th className="px-4 py-1.5">{t('review.way')}</th>
              <th className="px-2">{t('review.now')}</th>
              <th className="px-2">{t('review.after')}</th>
              <th className="px-2">{t('review.because')}</th>
            </tr>
          </thead>
          <tbody>
            {control.map((path) => (
              <Row key={path} instanceId={instanceId} path={path} of={worst([path])}>
                {path === 'administratorSsh' && administrator}
              </Row>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <details className="border-t border-line px-4 py-2">
        <summary className="flex cursor-pointer items-center gap-2">
          {t('review.others')}
          <span className="flex-1" />
          {rest && <StateWord state={rest.draft.state} />}
        </summary>
        <table className="mt-1 w-full">
          <tbody>
            {others.map((path) => (
              <Row key={path} instanceId={instanceId} path={path} of={worst([path])} />
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

interface RowProps {
  instanceId: string;
  path: AccessPath['path'];
  of: AccessPath | undefined;
  children?: ReactNode;
}

function Row({ instanceId, path, of, children }: RowProps) {
  const { t } = useTranslation();
  return (
    <tr
      data-testid="access-row"
      data-path={path}
      data-state={of?.draft.state ?? 'none'}
      className="border-t border-line"
    >
      <th scope="row" className="px-4 py-2 text-left font-normal">
        <span className="font-semibold">{t(`access.${path}`)}</span>{' '}
        {of?.port && (
          <span translate="no" className="font-mono text-12 text-fg-2">
            {of.protocol}/{of.port}
          </span>
        )}
        {children}
      </th>
      <td className="px-2">{of && <StateWord state={of.now.state} />}</td>
      <td className="px-2">{of ? <StateWord state={of.draft.state} /> : t('review.notAsked')}</td>
      <td className="px-2 text-12 text-fg-2">
        {of && <Because instanceId={instanceId} judgement={of.draft} />}
      </td>
    </tr>
  );
}

function StateWord({ state }: { state: Judgement['state'] }) {
  const { t } = useTranslation();
  return (
    <State kind={kinds[state]} strong={state === 'lost' || state === 'unknown'}>
      {t(`review.state.${state}`)}
    </State>
  );
}

function Because({ instanceId, judgement: { cause, rules } }: { instanceId: string; judgement: Judgement }) {
  const { t } = useTranslation();
  const [rule] = rules;
  if (cause !== null && cause !== 'rules') return t(`review.cause.${cause}`);
  if (!rule) return null;
  if (rule.kind === 'policy') {
    return t('review.byPolicy', { chain: rule.chain, policy: rule.text });
  }
  return (
    <span>
      <Link
        to="/instances/$instanceId/firewall"
        params={{ instanceId }}
        search={placeOf(rule)}
        className="text-link"
      >
        {rule.chain} {rule.number}
      </Link>{' '}
      <span translate="no" className="font-mono">
        {rule.text}
      </span>
    </span>
  );
}

function placeOf({ table, chain, number }: DecidingRule) {
  return { ...(table === 'filter' ? {} : { table }), ...(chain === 'INPUT' ? {} : { chain }), rule: number };
}
