import type { PeerWay } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { Address } from '../../ui/address.tsx';
import { State, type StateKind } from '../../ui/badge.tsx';
import { Banner } from '../../ui/banner.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { Section } from '../../ui/section.tsx';
import { Cell, Head, Row, Table } from '../../ui/table.tsx';
import { WayWords } from '../peers.tsx';

const kinds: Record<PeerWay['way'], StateKind> = {
  kept: 'good',
  changed: 'unknown',
  lost: 'lost',
  gained: 'good',
  none: 'off',
  unknown: 'unknown',
};
const rank: Record<PeerWay['way'], number> = { lost: 0, unknown: 1, changed: 2, none: 3, gained: 4, kept: 5 };

/** 돌아오는 길을 잃는 상대, and beneath it the way of everybody who is connected. */
export function Losers({ peers }: { peers: readonly PeerWay[] }) {
  const { t } = useTranslation();
  const lost = peers.filter(({ way }) => way === 'lost');
  const ordered = peers.toSorted((a, b) => rank[a.way] - rank[b.way]);
  return (
    <Section title={t('routesReview.losers')} testId="losers">
      <div className="px-4 py-3">
        {lost.length === 0 ? (
          <State kind="good">{t('routesReview.losersNone')}</State>
        ) : (
          <Banner tone="lost" stacked title={t('routesReview.losersText')}>
            <ul>
              {lost.map(({ peer }) => (
                <li key={`${peer.kind} ${peer.address} ${peer.local}`}>
                  {t(`routing.peer.${peer.kind}`)} <Address>{peer.address}</Address>
                </li>
              ))}
            </ul>
          </Banner>
        )}
      </div>
      {peers.length > 0 && (
        <ScrollRegion label={t('routesReview.ways')} className="border-t border-line">
          <Table
            label={t('routesReview.ways')}
            head={
              <>
                <Head>{t('routing.addresses')}</Head>
                <Head>{t('routesReview.before')}</Head>
                <Head>{t('routesReview.after')}</Head>
                <Head>{t('routing.way')}</Head>
              </>
            }
          >
            {ordered.map(({ peer, way, before, after, asymmetric }) => (
              <Row
                key={`${peer.kind} ${peer.address} ${peer.local}`}
                testId="peer-way"
                id={peer.address}
                className="max-narrow:grid max-narrow:gap-1 max-narrow:px-4 max-narrow:py-3"
              >
                <Cell header>
                  <span className="mr-2 inline-block min-w-20 text-fg-2">
                    {t(`routing.peer.${peer.kind}`)}
                  </span>
                  <Address>{peer.address}</Address>
                </Cell>
                <Cell>
                  <WayWords way={before} />
                </Cell>
                <Cell>
                  <WayWords way={after} />
                </Cell>
                <Cell>
                  <State kind={kinds[way]} strong={way === 'lost'}>
                    {t(`routesReview.way.${way}`)}
                  </State>
                  {asymmetric && way !== 'lost' && (
                    <span className="ml-2 text-12 text-warn">{t('routing.asymmetric')}</span>
                  )}
                </Cell>
              </Row>
            ))}
          </Table>
        </ScrollRegion>
      )}
    </Section>
  );
}
