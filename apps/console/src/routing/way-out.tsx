import type { RoutingState } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { Ago } from '../ui/ago.tsx';
import { cx } from '../ui/cx.ts';
import { Icon } from '../ui/icon.tsx';

/** One sentence, the largest text of the page: by which way the host goes out. */
export function WayOut({ state, old }: { state: RoutingState; old: boolean }) {
  const { t } = useTranslation();
  const defaults = state.defaults.ipv4.length > 0 ? state.defaults.ipv4 : state.defaults.ipv6;
  const [winner] = defaults;
  const wrong = defaults.length !== 1;
  return (
    <section
      aria-label={t('routing.state')}
      data-testid="way-out"
      data-gateways={defaults.length}
      className="flex min-h-16 flex-none flex-wrap items-center gap-3 border-b border-line-strong bg-surface px-4 py-2.5 narrow:px-5"
    >
      <span
        className={cx(
          'grid size-9 flex-none place-items-center rounded-4',
          old ? 'bg-sunken text-fg-3' : wrong ? 'bg-warn-tint text-warn' : 'bg-ink text-on-ink',
        )}
      >
        <Icon name={wrong ? 'unknown' : 'jump'} size={20} />
      </span>
      <h2
        className={cx(
          'min-w-0 flex-1 basis-[calc(100%-60px)] text-18 leading-[1.3] tracking-[-.012em] narrow:basis-72 narrow:text-21',
          old && 'font-normal text-fg-3',
        )}
      >
        {defaults.length > 1 && (
          <Said lead={t('routing.several', { count: defaults.length })} rest={t('routing.severalRest')} />
        )}
        {defaults.length === 0 && <Said lead={t('routing.none')} rest={t('routing.noneRest')} />}
        {defaults.length === 1 && winner && (
          <Said
            lead={
              winner.route.gateway === null
                ? t('routing.onLink', { device: winner.route.device ?? '' })
                : t('routing.out', { device: winner.route.device ?? '', gateway: winner.route.gateway })
            }
          />
        )}
      </h2>
      <span className="text-12 whitespace-nowrap text-fg-3 tabular-nums">
        {t(`routing.keeper.${state.keeper.tool}`)}
        {' · '}
        {old && `${t('firewall.lastRead')} `}
        <Ago iso={state.readAt} />
      </span>
    </section>
  );
}

function Said({ lead, rest }: { lead: string; rest?: string }) {
  return (
    <>
      {lead} {rest && <span className="font-normal text-fg-2">{rest}</span>}
    </>
  );
}
