import type { Instance } from '@moru/types';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Address } from '../../ui/address.tsx';
import { State, type StateKind } from '../../ui/badge.tsx';
import { buttonLook } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Section } from '../../ui/section.tsx';
import { FirewallSummary } from '../firewall-summary.tsx';
import { useSsh } from '../use-ssh.ts';
import { Definition, DefinitionList } from './facts-section.tsx';

const agentKinds: Record<Instance['firewall']['agent'], StateKind> = {
  connected: 'calm',
  offline: 'lost',
  unread: 'changing',
  none: 'off',
};

/** Where the host is reached, and what its agent says of it. */
export function HostSection({ instance }: { instance: Instance }) {
  const { t } = useTranslation();
  const { agent } = instance.firewall;
  const ssh = useSsh()(instance);
  // nobody answers on a host that is off, and nothing is wrong with that
  const isOff = instance.status === 'stopped' && agent === 'offline';
  const params = { instanceId: instance.id };
  return (
    <Section
      title={t('details.host')}
      testId="instance-host"
      actions={
        <>
          <Link to="/instances/$instanceId/network" params={params} className={buttonLook({ size: 'sm' })}>
            {t('details.toNetwork')}
          </Link>
          <Link
            {...(agent === 'none' ? { to: '/hosts' } : { to: '/instances/$instanceId/firewall', params })}
            className={buttonLook({ size: 'sm' })}
          >
            {t(agent === 'none' ? 'details.toHosts' : 'details.toFirewall')}
          </Link>
        </>
      }
    >
      <DefinitionList>
        {instance.networkInterfaces.map((nic) => (
          <Definition key={nic.id} term={nic.device}>
            {[nic.privateIp, nic.publicIp?.address].flatMap((address, index) =>
              address
                ? [
                    <span key={address} className="inline-flex items-center gap-0.5">
                      {index === 1 && <span className="mr-1 text-12 text-fg-3">{t('publicIps.title')}</span>}
                      <Address>{address}</Address>
                      <CopyButton
                        text={address}
                        label={t(index === 1 ? 'publicIps.title' : 'instances.privateIp')}
                      />
                    </span>,
                  ]
                : [],
            )}
            {nic.subnet && <span className="text-12 text-fg-3">{nic.subnet.name}</span>}
          </Definition>
        ))}
        {ssh && (
          <Definition term={t('menu.ssh')}>
            <span className="inline-flex min-w-0 items-center gap-0.5">
              <Address className="whitespace-normal!">{ssh.command}</Address>
              <CopyButton text={ssh.command} label={t('menu.sshCommand')} />
            </span>
            {ssh.notes.length > 0 && (
              <span className="basis-full text-12 text-fg-2">{ssh.notes.join(' ')}</span>
            )}
          </Definition>
        )}
        <Definition term={t('instances.agent')}>
          <State kind={isOff ? 'off' : agentKinds[agent]}>{t(`agent.${agent}`)}</State>
        </Definition>
        <Definition term={t('firewall.title')}>
          <FirewallSummary instance={instance} t={t} />
        </Definition>
      </DefinitionList>
    </Section>
  );
}
