import type { DefaultGateway, Instance, RouteEdit, RoutingState } from '@moru/types';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useReason } from '../instances/use-instance-actions.ts';
import { Address } from '../ui/address.tsx';
import { State, type StateKind } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';
import { deleteCommand, keepOnly, printEdits } from './edits.ts';

const kinds: Record<DefaultGateway['standing'], StateKind> = {
  wins: 'good',
  shares: 'unknown',
  loses: 'off',
};

/** Several default gateways: the interfaces side by side, and the press that keeps one (the guide's second chapter). */
export function Gateways({ instance, state }: { instance: Instance; state: RoutingState }) {
  const { t } = useTranslation();
  const families = [state.defaults.ipv4, state.defaults.ipv6].filter((defaults) => defaults.length > 1);
  if (families.length === 0) return null;
  return (
    <Section title={t('routing.gateways')} testId="gateways">
      <p className="px-4 pt-3 text-fg-2">
        {t('routing.gatewaysText')} {t('routing.root')}
      </p>
      {families.map((defaults) => (
        <ul
          key={defaults[0]?.route.family}
          className="grid gap-3 p-4 narrow:grid-cols-[repeat(auto-fit,minmax(280px,1fr))]"
        >
          {defaults.map((each) => (
            <Gateway
              key={each.route.specification}
              gateway={each}
              others={defaults.filter((other) => other !== each)}
              instance={instance}
              state={state}
            />
          ))}
        </ul>
      ))}
    </Section>
  );
}

interface GatewayProps {
  gateway: DefaultGateway;
  others: DefaultGateway[];
  instance: Instance;
  state: RoutingState;
}

function Gateway({ gateway: { route, standing, subnet }, others, instance, state }: GatewayProps) {
  const { t } = useTranslation();
  const reason = useReason();
  const review = useRoutesReview(instance.id);
  const edit = keepOnly(route);
  const device = route.device ?? '';
  const addresses = state.interfaces
    .find(({ name }) => name === device)
    ?.addresses.filter(({ family, scope }) => family === route.family && scope === 'global');
  return (
    <li
      data-testid="gateway"
      data-device={device}
      className="grid content-start gap-2 rounded-6 border border-line-strong px-4 py-3"
    >
      <div className="flex flex-wrap items-center gap-x-2">
        <b className="text-14">{device}</b>
        {addresses?.map(({ address, prefix }) => (
          <Address key={address}>{`${address}/${prefix}`}</Address>
        ))}
        <span className="flex-1" />
        <State kind={kinds[standing]} strong={standing === 'wins'}>
          {t(`routing.standing.${standing}`)}
        </State>
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 [&>dt]:text-fg-3">
        <dt>{t('routing.gateway')}</dt>
        <dd>
          <Address>{route.gateway ?? '-'}</Address>
        </dd>
        <dt>{t('routing.subnet')}</dt>
        <dd>{subnet ? <Address>{subnet}</Address> : t('routing.noSubnet')}</dd>
        <dt>{t('routing.metric')}</dt>
        <dd className="tabular-nums">{route.metric}</dd>
        <dt>{t('routing.willRun')}</dt>
        <dd className="grid">
          {others.map((other) => (
            <code key={other.route.specification} translate="no" className="font-mono text-12 text-fg-2">
              {deleteCommand(other.route)}
            </code>
          ))}
        </dd>
      </dl>
      {edit && (
        <Button
          look={standing === 'loses' ? 'plain' : 'primary'}
          className="justify-self-start"
          reason={reason('change.check', instance)}
          reasonAt="below-start"
          aria-label={t('routing.keepOnlyOf', { device })}
          data-testid="keep-only"
          onPress={() => review([edit])}
        >
          {t('routing.keepOnly')}
        </Button>
      )}
    </li>
  );
}

/** Opens the review of edits. */
export function useRoutesReview(instanceId: string): (edits: readonly RouteEdit[]) => void {
  const navigate = useNavigate();
  return (edits) =>
    void navigate({
      to: '/instances/$instanceId/routing/review',
      params: { instanceId },
      search: { edits: printEdits(edits) },
    });
}
