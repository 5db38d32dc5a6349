import type { FirewallSummary, NetworkInterface } from '@moru/types';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { portWords } from '../instances/ports.ts';
import { Address } from '../ui/address.tsx';
import { State, type StateKind } from '../ui/badge.tsx';

interface DisconnectConsequencesProps {
  title: string;
  firewall: FirewallSummary;
  nic: NetworkInterface;
  address: string;
}

/** What stops being reachable, and what stays. */
export function DisconnectConsequences({ title, firewall, nic, address }: DisconnectConsequencesProps) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="consequences">
      <h3 id="consequences" className="mb-1.5">
        {title}
      </h3>
      <ul className="overflow-hidden rounded-6 border border-line-strong bg-surface [&>*+*]:border-t [&>*+*]:border-line">
        <Line kind="lost" state={t('disconnect.cut')} what={t('disconnect.openSessions')}>
          <Address>{address}</Address>
        </Line>
        <Ports firewall={firewall} />
        {firewall.agent === 'connected' && nic.privateIp && (
          <Line kind="good" state={t('disconnect.stays')} what={t('disconnect.agentWay')}>
            <Address>{nic.privateIp}</Address>
          </Line>
        )}
      </ul>
    </section>
  );
}

function Ports({ firewall }: { firewall: FirewallSummary }) {
  const { t } = useTranslation();
  if (firewall.open === null) {
    return (
      <Line kind="unknown" state={t('disconnect.unknown')} what={t('disconnect.openPorts')}>
        {t(firewall.readAt ? 'firewallSummary.unsure' : 'disconnect.portsUnread')}
      </Line>
    );
  }
  if (!firewall.open && firewall.openPorts.length === 0) {
    return (
      <Line kind="off" state={t('disconnect.same')} what={t('disconnect.openPorts')}>
        {t('firewallSummary.noPorts')}
      </Line>
    );
  }
  return (
    <Line kind="lost" state={t('disconnect.unreachable')} what={t('disconnect.openPorts')}>
      <PortWords firewall={firewall} />
    </Line>
  );
}

function PortWords({ firewall: { open, openPorts, closedPorts } }: { firewall: FirewallSummary }) {
  const { t } = useTranslation();
  if (!open) return <Address>{portWords(openPorts, 6)}</Address>;
  return closedPorts.length > 0
    ? t('disconnect.allPortsBut', { ports: portWords(closedPorts, 6) })
    : t('disconnect.allPorts');
}

interface LineProps {
  kind: StateKind;
  state: string;
  what: string;
  children: ReactNode;
}

function Line({ kind, state, what, children }: LineProps) {
  return (
    <li className="grid min-h-[38px] grid-cols-[98px_minmax(0,1fr)] items-center gap-x-2.5 px-3 py-[5px] narrow:grid-cols-[98px_auto_1fr]">
      <State kind={kind} strong>
        {state}
      </State>
      <span>{what}</span>
      <span className="col-start-2 narrow:col-start-3 narrow:text-right">{children}</span>
    </li>
  );
}
