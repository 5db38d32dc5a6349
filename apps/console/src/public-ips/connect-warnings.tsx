import type { Instance, NetworkInterface } from '@moru/types';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { portWords } from '../instances/ports.ts';
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
  const primary = instance.networkInterfaces.find((candidate) => candidate.primary);
  return (
    <div className="grid gap-2" aria-live="polite">
      <Exposure instance={instance} onLeave={onLeave} />
      {primary && primary.id !== nic.id && (
        <Banner tone="warn" title={t('connect.routeTitle', { device: primary.device })}>
          {t('connect.routeText', { device: nic.device, primary: primary.device })}{' '}
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
