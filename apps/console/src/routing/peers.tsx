import type { RouteLookup, RoutingState } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { Address } from '../ui/address.tsx';
import { State } from '../ui/badge.tsx';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { Section } from '../ui/section.tsx';
import { Cell, Head, Row, Table } from '../ui/table.tsx';

/** Who is connected now, and by which way each is answered. */
export function Peers({ state }: { state: RoutingState }) {
  const { t } = useTranslation();
  return (
    <Section title={t('routing.peers')} note={t('routing.peersNote')} testId="peers">
      <ScrollRegion label={t('routing.peers')}>
        <Table
          label={t('routing.peers')}
          empty={state.peers.length === 0 && <p className="px-4 py-3 text-fg-3">{t('routing.noPeers')}</p>}
          head={
            <>
              <Head>{t('routing.addresses')}</Head>
              <Head>{t('routing.way')}</Head>
            </>
          }
        >
          {state.peers.map(({ peer, way, asymmetric }) => (
            <Row
              key={`${peer.kind} ${peer.address} ${peer.local}`}
              testId="peer"
              id={peer.address}
              className="max-narrow:grid max-narrow:gap-1 max-narrow:px-4 max-narrow:py-3"
            >
              <Cell header>
                <span className="mr-2 inline-block min-w-20 text-fg-2">{t(`routing.peer.${peer.kind}`)}</span>
                <Address>{peer.address}</Address>
              </Cell>
              <Cell>
                <span className="inline-flex items-center gap-3">
                  <WayWords way={way} />
                  {asymmetric && <State kind="unknown">{t('routing.asymmetric')}</State>}
                </span>
              </Cell>
            </Row>
          ))}
        </Table>
      </ScrollRegion>
    </Section>
  );
}

/** `eth0 → 198.168.0.1`, or why there is none. */
export function WayWords({ way }: { way: RouteLookup }) {
  const { t } = useTranslation();
  if (way.outcome === 'unknown') return <State kind="unknown">{t('routing.unsure')}</State>;
  if (way.outcome === 'none') return <State kind="lost">{t('routing.noWay')}</State>;
  const { device, gateway, nexthops } = way.route;
  const hops = nexthops.length > 0 ? nexthops : [{ device, gateway }];
  return (
    <Address>{hops.map((hop) => [hop.device, hop.gateway].filter(Boolean).join(' → ')).join(', ')}</Address>
  );
}
