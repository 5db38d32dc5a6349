import type { Instance, NetworkInterface } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { interfaceRoutes } from '../instances/network/interface-routes.ts';
import { useReachesInternet } from '../instances/network/subnet-reach.ts';
import { portWords } from '../instances/ports.ts';
import { routingQuery } from '../routing/routing-queries.ts';
import { Address } from '../ui/address.tsx';
import { Banner } from '../ui/banner.tsx';

interface ConnectWarningsProps {
  instance: Instance;
  nic: NetworkInterface;
  /** the dialog closes when a link leads away from it */
  onLeave: () => void;
}

/** What becomes reachable, and what may not answer. */
export function ConnectWarnings({ instance, nic, onLeave }: ConnectWarningsProps) {
  const { t } = useTranslation();
  const reaches = useReachesInternet();
  const answers = useAnswers(instance, nic);
  return (
    <div className="grid gap-2" aria-live="polite">
      <Exposure instance={instance} onLeave={onLeave} />
      {reaches(nic) === false && (
        <Banner tone="bad" title={t('connect.noGateway', { subnet: nic.subnet?.name ?? '' })}>
          {t('connect.noGatewayText', { device: nic.device })}
        </Banner>
      )}
      {answers && (
        <Banner tone="warn" title={t(`connect.answers.${answers.kind}`, { device: answers.device })}>
          {t(`connect.answers.${answers.kind}Text`, { device: nic.device, other: answers.device })}{' '}
          <Link
            to="/instances/$instanceId/routing"
            params={{ instanceId: instance.id }}
            onClick={onLeave}
            className="text-link whitespace-nowrap"
          >
            {t('connect.toRouting')}
          </Link>
        </Banner>
      )}
    </div>
  );
}

/** By which other interface what comes in here is answered: as the host says, or as hosts usually have it. */
function useAnswers(instance: Instance, nic: NetworkInterface) {
  const isAsked = instance.status === 'active' && instance.firewall.agent === 'connected';
  const { data: routing } = useQuery({ ...routingQuery(instance.id), enabled: isAsked });
  if (!routing || !isAsked) {
    const primary = instance.networkInterfaces.find((candidate) => candidate.primary);
    return primary && primary.id !== nic.id ? { kind: 'perhaps' as const, device: primary.device } : null;
  }
  const routes = interfaceRoutes(instance.networkInterfaces, routing);
  const carries = ({ way }: (typeof routes)[number]) => way !== null && way.standing !== 'loses';
  if (routes.some((route) => route.nic.id === nic.id && carries(route))) return null;
  const other = routes.find(carries);
  if (!other) return { kind: 'nowhere' as const, device: '' };
  // rules of its own may lead an answer back by where it came in
  const isSure = !routing.problems.some(({ code }) => code === 'policyRules');
  return { kind: isSure ? ('elsewhere' as const) : ('perhaps' as const), device: other.nic.device };
}

function Exposure({ instance, onLeave }: Omit<ConnectWarningsProps, 'nic'>) {
  const { t } = useTranslation();
  const { firewall } = instance;
  const toFirewall = (
    <Link
      to="/instances/$instanceId/firewall"
      params={{ instanceId: instance.id }}
      onClick={onLeave}
      className="text-link whitespace-nowrap"
    >
      {t(firewall.open ? 'connect.closeFirst' : 'connect.toFirewall')}
    </Link>
  );
  if (firewall.open === null) {
    return (
      <Banner tone="warn" title={t('connect.exposureUnknown')}>
        {t(firewall.readAt ? 'connect.exposureUnsureText' : 'connect.exposureUnknownText')} {toFirewall}
      </Banner>
    );
  }
  if (firewall.open) {
    const closed = portWords(firewall.closedPorts, 12);
    return (
      <Banner tone="bad" title={closed ? t('connect.allOpenBut', { ports: closed }) : t('connect.allOpen')}>
        {t('connect.allOpenText', { policy: firewall.inputPolicy ?? '' })} {toFirewall}
      </Banner>
    );
  }
  return (
    <Banner tone="info" title={t('connect.someOpen')}>
      {firewall.openPorts.length > 0 ? (
        <Address className="mr-1">{portWords(firewall.openPorts, 12)}</Address>
      ) : (
        `${t('firewallSummary.noPorts')}. `
      )}
      {toFirewall}
    </Banner>
  );
}
