import type { HostInterface, RoutingState } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { Address } from '../ui/address.tsx';
import { State } from '../ui/badge.tsx';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { Section } from '../ui/section.tsx';
import { Cell, Head, Row, Table } from '../ui/table.tsx';

/** The host's interfaces as it has them, with what its routes make of each. */
export function Interfaces({ state }: { state: RoutingState }) {
  const { t } = useTranslation();
  const links = state.interfaces.filter(({ name }) => name !== 'lo');
  return (
    <Section title={t('routing.interfaces')} testId="host-interfaces">
      <ScrollRegion label={t('routing.interfaces')}>
        <Table
          label={t('routing.interfaces')}
          head={
            <>
              <Head>{t('routing.device')}</Head>
              <Head>{t('routing.link')}</Head>
              <Head>{t('routing.addresses')}</Head>
              <Head>{t('routing.default')}</Head>
              <Head>{t('routing.rpFilter')}</Head>
            </>
          }
        >
          {links.map((link) => (
            <LinkRow key={link.name} link={link} state={state} />
          ))}
        </Table>
      </ScrollRegion>
    </Section>
  );
}

const filterValues = ['0', '1', '2'] as const;

function LinkRow({ link, state }: { link: HostInterface; state: RoutingState }) {
  const { t } = useTranslation();
  const gateways = [...state.defaults.ipv4, ...state.defaults.ipv6].filter(
    ({ route }) => route.device === link.name,
  );
  const filter = filterValues[link.reversePathFilter ?? -1];
  return (
    <Row
      testId="host-interface"
      id={link.name}
      className="max-narrow:grid max-narrow:gap-1 max-narrow:px-4 max-narrow:py-3"
    >
      <Cell header className="align-top">
        <b className="block leading-9">{link.name}</b>
      </Cell>
      <Cell className="align-top leading-9!">
        <State kind={link.up && link.carrier ? 'calm' : 'lost'}>
          {t(link.up ? (link.carrier ? 'routing.up' : 'routing.noCarrier') : 'routing.down')}
        </State>
      </Cell>
      <Cell className="align-top">
        <span className="grid py-2">
          {link.addresses.map(({ address, prefix }) => (
            <Address key={address}>{`${address}/${prefix}`}</Address>
          ))}
          {link.mac && <Address className="text-12 text-fg-3">{link.mac}</Address>}
        </span>
      </Cell>
      <Cell className="align-top">
        <span className="grid py-2">
          {gateways.map(({ route, standing }) => (
            <span key={route.specification} className="inline-flex items-center gap-2">
              <Address>{route.gateway ?? '-'}</Address>
              <span className="text-12 text-fg-3">{t(`routing.standing.${standing}`)}</span>
            </span>
          ))}
          {gateways.length === 0 && <span className="text-fg-3">{t('common.none')}</span>}
        </span>
      </Cell>
      <Cell className="align-top leading-9! text-fg-2">{filter && t(`routing.rpFilterValue.${filter}`)}</Cell>
    </Row>
  );
}
