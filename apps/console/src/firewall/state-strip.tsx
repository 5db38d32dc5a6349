import type { Exposure } from '@moru/netfilter';
import type { FirewallState, Instance } from '@moru/types';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime } from '../i18n/format.ts';
import { portWords } from '../instances/ports.ts';
import { Ago } from '../ui/ago.tsx';
import { Button, buttonLook } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Icon } from '../ui/icon.tsx';
import { useSaveRules } from './use-save-rules.ts';

interface StateStripProps {
  instance: Instance;
  state: FirewallState;
  /** what its rules let in */
  seen: Exposure;
  /** the last look failed: what is said is of an earlier one */
  old: boolean;
  /** what a draft would make true; null without one, or while nobody knows */
  wanted: Exposure | null;
}

/** One sentence, the largest text of the page; at its right what is not as it should be. */
export function StateStrip({ instance, state, seen, old, wanted }: StateStripProps) {
  const { t } = useTranslation();
  const save = useSaveRules();
  const saved = state.saved.matches === true;
  const { iptables, sshguard } = state;
  return (
    <section
      aria-label={t('firewall.state')}
      data-testid="state-strip"
      className="flex min-h-16 flex-none flex-wrap items-center gap-3 border-b border-line-strong bg-surface px-4 py-2.5 narrow:px-5"
    >
      <span
        className={cx(
          'grid size-9 flex-none place-items-center rounded-4',
          old ? 'bg-sunken text-fg-3' : seen.open ? 'bg-bad-fill text-on-bad' : 'bg-ink text-on-ink',
        )}
      >
        <Icon name={seen.open ? 'unknown' : 'shield'} size={20} />
      </span>
      <h2
        className={cx(
          'min-w-0 flex-1 basis-[calc(100%-60px)] text-18 leading-[1.3] tracking-[-.012em] narrow:basis-72 narrow:text-21',
          old && 'font-normal text-fg-3 *:text-fg-3!',
        )}
      >
        {old && (
          <span className="sr-only">
            {t('firewall.lastRead')} <Ago iso={state.readAt} />:{' '}
          </span>
        )}
        <Sentence seen={seen} />
        {wanted && !sameExposure(wanted, seen) && (
          <span data-testid="wanted-exposure" className="block text-12 font-normal text-heat-text">
            {t('exposure.wanted')} <Sentence seen={wanted} quiet />
          </span>
        )}
      </h2>
      {!saved && (
        <Chip
          action={
            <Button size="xs" {...save}>
              {t('firewall.save')}
            </Button>
          }
        >
          {t('firewall.unsaved')}
        </Chip>
      )}
      {state.outside && (
        <Chip
          action={
            <Link
              to="/instances/$instanceId/firewall/history"
              params={{ instanceId: instance.id }}
              data-testid="see-outside"
              className={buttonLook({ size: 'xs' })}
            >
              {t('firewall.seeDifference')}
            </Link>
          }
        >
          {t('firewallSummary.outside')}
          {state.outside.seenAt && (
            <time dateTime={state.outside.seenAt} className="font-normal tabular-nums">
              {clockTime(state.outside.seenAt)}
            </time>
          )}
        </Chip>
      )}
      {state.otherBackend && (
        <Chip
          action={
            <Link
              to="/instances/$instanceId/firewall/output"
              params={{ instanceId: instance.id }}
              search={{ kind: 'other' }}
              data-testid="see-other-backend"
              className={buttonLook({ size: 'xs' })}
            >
              {t('firewall.see')}
            </Link>
          }
        >
          {t('firewall.bothBackends')}
        </Chip>
      )}
      {sshguard.chain && !sshguard.jump && (
        <Chip
          action={
            <Link
              to="/instances/$instanceId/firewall"
              params={{ instanceId: instance.id }}
              search={{ chain: 'sshguard' }}
              className={buttonLook({ size: 'xs' })}
            >
              {t('firewall.see')}
            </Link>
          }
        >
          {t('firewall.sshguardUnlinked')}
        </Chip>
      )}
      <span className="text-12 whitespace-nowrap text-fg-3 tabular-nums" title={iptables.raw}>
        {saved && `${t('firewall.saved')} · `}
        <span translate="no">
          v{iptables.version} {iptables.backend === 'legacy' ? 'legacy' : 'nft'}
        </span>
        {' · '}
        {old && `${t('firewall.lastRead')} `}
        <Ago iso={state.readAt} />
      </span>
    </section>
  );
}

function sameExposure(a: Exposure, b: Exposure): boolean {
  if (a.open && b.open) return String(a.closedPorts) === String(b.closedPorts);
  return a.open === b.open && a.inputPolicy === b.inputPolicy && String(a.openPorts) === String(b.openPorts);
}

function Sentence({ seen, quiet = false }: { seen: Exposure; quiet?: boolean }) {
  const { t } = useTranslation();
  const policy = seen.inputPolicy ?? '';
  const ports = portWords(seen.openPorts, 10);
  if (seen.open) {
    const closed = portWords(seen.closedPorts, 10);
    const lead = closed ? t('exposure.openBut', { ports: closed }) : t('exposure.open');
    return <Said quiet={quiet} lead={lead} rest={t('exposure.policy', { policy })} />;
  }
  if (seen.open === null) {
    return (
      <Said
        quiet={quiet}
        lead={ports ? t('exposure.atLeast', { ports }) : t('exposure.unsure')}
        rest={t('exposure.unsureRest', { policy })}
      />
    );
  }
  return (
    <Said
      quiet={quiet}
      lead={ports ? t('exposure.ports', { ports }) : t('exposure.none')}
      rest={t('exposure.rest', { policy })}
    />
  );
}

function Said({ lead, rest, quiet }: { lead: string; rest: string; quiet: boolean }) {
  return (
    <>
      {lead}{' '}
      <span
        className={quiet ? 'max-narrow:hidden' : 'font-normal text-fg-2 max-narrow:block max-narrow:text-12'}
      >
        {rest}
      </span>
    </>
  );
}

function Chip({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <span
      className={cx(
        'inline-flex h-[30px] items-center gap-[7px] rounded-4 border border-warn-line bg-warn-tint pl-2.5 text-12 font-semibold whitespace-nowrap text-warn',
        action ? 'pr-1' : 'pr-2.5',
      )}
    >
      <Icon name="unknown" size={12} />
      {children}
      {action}
    </span>
  );
}
