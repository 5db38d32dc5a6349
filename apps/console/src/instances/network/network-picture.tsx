import type { Instance, NetworkInterface } from '@moru/types';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Address } from '../../ui/address.tsx';
import { cx } from '../../ui/cx.ts';
import { Icon } from '../../ui/icon.tsx';
import { Section } from '../../ui/section.tsx';
import type { InterfaceRoute } from './interface-routes.ts';

/** `path`: the default route goes here; `unused`: a default route that carries nothing; `wire`: what is connected. */
type Line = 'path' | 'unused' | 'wire' | 'none';

// from the left edge: the host's frame, and the interfaces that stand on its right edge
const columns =
  'narrow:grid-cols-[236px_minmax(20px,1fr)_minmax(240px,330px)_minmax(20px,1fr)_minmax(150px,210px)_minmax(20px,1fr)_96px]';

interface NetworkPictureProps {
  instance: Instance;
  routes: readonly InterfaceRoute[];
  /** how old the host's routes are, or why there are none */
  note: ReactNode;
  /** whether the host's routes are known at all */
  isRead: boolean;
  /** whether a subnet has a route to an internet gateway; null where nobody knows */
  reaches: (nic: NetworkInterface) => boolean | null;
}

/**
 * Interfaces, subnets, gateways and Public IPs, and the way of the default route through them. Read out as one sentence for
 * each interface; the table behind it has the addresses to copy. Below `narrow` it stands upright.
 */
export function NetworkPicture({ instance, routes, note, isRead, reaches }: NetworkPictureProps) {
  const { t } = useTranslation();
  return (
    <Section
      title={t('picture.title')}
      testId="network-picture"
      note={note}
      actions={
        <span aria-hidden="true" className="flex flex-wrap gap-x-4 text-12 text-fg-2">
          <Legend line="path">{t('picture.path')}</Legend>
          {routes.some((route) => lineOf(route) === 'unused') && (
            <Legend line="unused">{t('picture.unused')}</Legend>
          )}
        </span>
      }
    >
      <ul className="sr-only">
        {routes.map((route) => (
          <Told key={route.nic.id} route={route} isRead={isRead} isCut={reaches(route.nic) === false} />
        ))}
      </ul>
      <div aria-hidden="true" className="p-4 narrow:p-5">
        <div className="relative grid gap-4 narrow:gap-3 narrow:pt-12 narrow:pb-4">
          <div className="rounded-6 border-ink narrow:absolute narrow:inset-y-0 narrow:left-0 narrow:w-[200px] narrow:border-[1.5px] narrow:px-3.5 narrow:py-2.5">
            <b>{instance.name}</b>{' '}
            <span translate="no" className="text-12 text-fg-3">
              {instance.flavor}
            </span>
          </div>
          {routes.map((route) => (
            <InterfaceLine
              key={route.nic.id}
              route={route}
              isRead={isRead}
              isCut={reaches(route.nic) === false}
            />
          ))}
        </div>
      </div>
    </Section>
  );
}

function lineOf({ way }: InterfaceRoute): Line {
  if (way === null) return 'none';
  return way.standing === 'loses' ? 'unused' : 'path';
}

interface LineProps {
  route: InterfaceRoute;
  isRead: boolean;
  /** nothing comes from the internet into its subnet, and nothing gets there */
  isCut: boolean;
}

function InterfaceLine({ route, isRead, isCut }: LineProps) {
  const { t } = useTranslation();
  const { nic, way, answeredBy } = route;
  const line = lineOf(route);
  const isPath = line === 'path';
  const beyond = nic.publicIp === null || isCut ? 'none' : isPath ? 'path' : 'wire';
  return (
    <div data-testid={`picture-${nic.device}`} data-line={line} className={cx('grid items-center', columns)}>
      <Box isPath={isPath} className="relative narrow:ml-12">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <b>{nic.device}</b>
          {way && (
            <span className="text-12 text-fg-3 tabular-nums">
              {t('picture.metric', { metric: way.route.metric })}
            </span>
          )}
        </span>
        {nic.privateIp && <Address>{nic.privateIp}</Address>}
      </Box>
      <Wire line={line === 'none' ? 'wire' : line} />
      {/* the middle row is as high as the wires outside, so that the way runs on in one line */}
      <div className="grid content-center gap-x-0 gap-y-1.5 rounded-6 border border-line-strong bg-canvas px-3 py-2.5 narrow:min-h-[128px] narrow:grid-rows-[1fr_auto_1fr]">
        <span className="flex min-w-0 flex-wrap content-start items-baseline gap-x-2">
          <b className="min-w-0 truncate">{nic.subnet?.name ?? t('picture.noSubnet')}</b>
          {nic.subnet && <Address className="text-12">{nic.subnet.cidr}</Address>}
        </span>
        {way ? (
          <span className="flex items-center narrow:-ml-3">
            <span className="grid min-w-0 flex-1 grid-rows-[1fr_auto_1fr] text-12">
              <span className="px-2 pb-0.5 narrow:pl-3">
                <b className={isPath ? 'text-info' : 'text-warn'}>{t('picture.default')}</b>{' '}
                <Address className="text-12">0.0.0.0/0</Address>
              </span>
              <span className={across[line]} />
              <span className="px-2 pt-0.5 text-fg-3 narrow:pl-3">
                {t(isPath ? 'picture.goesOut' : 'picture.notUsed')}
              </span>
            </span>
            {way.route.gateway && (
              <Box isPath={isPath}>
                <b>{t('picture.gateway')}</b>
                <Address>{way.route.gateway}</Address>
              </Box>
            )}
          </span>
        ) : (
          <span className="text-12 text-fg-3">{isRead && t('picture.noDefault')}</span>
        )}
        {isCut && (
          <span className="flex items-center gap-1.5 self-end text-12 font-semibold text-bad">
            <Icon name="lost" size={11} />
            {t('connect.noGatewayTag')}
          </span>
        )}
      </div>
      <Wire line={beyond} />
      {nic.publicIp ? (
        <Box isPath={isPath}>
          <b>{t('publicIps.title')}</b>
          <Address>{nic.publicIp.address}</Address>
          {answeredBy && (
            <span className="text-12 text-warn">{t('picture.answered', { device: answeredBy })}</span>
          )}
        </Box>
      ) : (
        <div className="flex items-start gap-2 py-1 text-12 text-fg-2 narrow:col-span-3">
          <Icon name="close" size={13} className="mt-0.5 text-fg-3" />
          <span>
            <b className="block text-fg">{t('picture.noPublicIp')}</b>
            {t('picture.noPublicIpText')}
          </span>
        </div>
      )}
      {nic.publicIp && (
        <>
          <Wire line={beyond} />
          <div
            className={cx(
              'rounded-full border px-3 py-2.5 text-center font-semibold',
              isPath ? 'border-2 border-info' : 'border-line-strong',
            )}
          >
            {t('picture.internet')}
          </div>
        </>
      )}
    </div>
  );
}

function Box({ isPath, className, children }: { isPath: boolean; className?: string; children: ReactNode }) {
  return (
    <div
      className={cx(
        'grid min-w-0 gap-0.5 rounded-4 bg-surface px-3.5 py-2',
        isPath ? 'border-2 border-info' : 'border border-line-strong',
        className,
      )}
    >
      {children}
    </div>
  );
}

// within a subnet, which lies across at every width
const across: Record<Line, string> = {
  path: 'border-t-4 border-info',
  unused: 'border-t-2 border-dashed border-warn',
  wire: '',
  none: '',
};

const wires: Record<Line, string> = {
  path: 'border-info narrow:border-t-4 max-narrow:border-l-4',
  unused: 'border-dashed border-warn narrow:border-t-2 max-narrow:border-l-2',
  wire: 'border-line-strong narrow:border-t max-narrow:border-l',
  none: 'border-dotted border-line-strong narrow:border-t max-narrow:border-l',
};

/** Across, and down where the picture stands upright. */
function Wire({ line }: { line: Line }) {
  return <span className={cx('max-narrow:ml-6 max-narrow:h-4 max-narrow:w-0 narrow:h-0', wires[line])} />;
}

function Legend({ line, children }: { line: Line; children: string }) {
  return (
    <span className="inline-flex items-center gap-2">
      <span className={cx('h-0 w-7', across[line])} />
      {children}
    </span>
  );
}

function Told({ route, isRead, isCut }: LineProps) {
  const { t } = useTranslation();
  const { nic, way, answeredBy } = route;
  const line = lineOf(route);
  const parts = [
    [nic.device, nic.privateIp, nic.subnet?.name].filter(Boolean).join(' '),
    way &&
      `${t('picture.default')} ${way.route.gateway ?? ''} ${t(line === 'path' ? 'picture.goesOut' : 'picture.notUsed')}`,
    !way && isRead && t('picture.noDefault'),
    isCut && t('connect.noGatewayTag'),
    nic.publicIp ? `${t('publicIps.title')} ${nic.publicIp.address}` : t('picture.noPublicIp'),
    answeredBy && t('picture.answered', { device: answeredBy }),
  ];
  return <li>{parts.filter(Boolean).join(', ')}</li>;
}
