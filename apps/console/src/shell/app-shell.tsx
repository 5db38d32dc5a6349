import { useQuery } from '@tanstack/react-query';
import { Outlet, useMatchRoute } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { openWords } from '../i18n/setup.ts';
import { Live } from '../live/live-band.tsx';
import { useProofAsked } from '../session/key-proof.ts';
import { useSessionEnded } from '../session/session-end.ts';
import { SessionEnding } from '../session/session-ending.tsx';
import { installationQuery, sessionQuery } from '../session/session-queries.ts';
import { openTrialsQuery } from '../trials/open-trials.ts';
import { cx } from '../ui/cx.ts';
import { Icon } from '../ui/icon.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { Navigation } from './navigation.tsx';
import { useNavigationUnfolded } from './preferences.ts';
import { TopBar } from './top-bar.tsx';

const TrialNotices = onDemand(async () => {
  await openWords('firewall');
  return (await import('../trials/trial-notices.tsx')).TrialNotices;
});

const SessionDialog = onDemand(() =>
  import('../session/session-dialog.tsx').then((module) => module.SessionDialog),
);

const ProofDialog = onDemand(async () => {
  await openWords('sessions');
  return (await import('../session/proof-dialog.tsx')).ProofDialog;
});

export function AppShell() {
  const { t } = useTranslation();
  const { data: session } = useQuery(sessionQuery);
  const ended = useSessionEnded();
  const proof = useProofAsked();
  const [menuOpen, setMenuOpen] = useState(false);
  const [unfolded] = useNavigationUnfolded();
  // the rule grid needs the width: the firewall pages fold the navigation until it is unfolded by hand
  const onFirewall = useMatchRoute()({ to: '/instances/$instanceId/firewall', fuzzy: true });
  const folded = Boolean(onFirewall) && !unfolded;
  if (!session) return null;
  return (
    <div className="grid h-dvh grid-rows-[auto_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only z-50 rounded-4 bg-ink text-on-ink focus:not-sr-only focus:absolute! focus:top-1 focus:left-1 focus:px-3! focus:py-2!"
      >
        {t('shell.skip')}
      </a>
      <div>
        <TopBar session={session} onMenu={() => setMenuOpen((open) => !open)} menuOpen={menuOpen} />
        <Live userId={session.user.id} />
        <SimulatedHosts />
        <SessionEnding session={session} />
        <Trials />
      </div>
      <div
        className={cx(
          'grid min-h-0',
          folded
            ? 'narrow:grid-cols-[52px_minmax(0,1fr)]'
            : 'narrow:grid-cols-[52px_minmax(0,1fr)] wide:grid-cols-[208px_minmax(0,1fr)]',
        )}
      >
        <Navigation
          folded={folded}
          foldable={Boolean(onFirewall)}
          open={menuOpen}
          onNavigate={() => setMenuOpen(false)}
        />
        {/* another user's page is never shown again with what this one had typed */}
        <main
          id="main"
          tabIndex={-1}
          className="relative flex min-h-0 min-w-0 flex-col overflow-auto outline-none"
          key={session.user.id}
        >
          <Outlet />
        </main>
      </div>
      {proof && !ended && <ProofDialog reason={proof} userName={session.user.name} />}
      {ended && <SessionDialog userId={session.user.id} />}
    </div>
  );
}

/** A change that waits for its confirmation is in sight on every screen; its code comes when there is one. */
function Trials() {
  const { data } = useQuery(openTrialsQuery);
  if (!data?.length) return null;
  return <TrialNotices trials={data} />;
}

function SimulatedHosts() {
  const { t } = useTranslation();
  const { data } = useQuery(installationQuery);
  if (data?.hosts !== 'simulated') return null;
  return (
    <p
      data-testid="simulated-hosts"
      className="flex items-start gap-2 border-b border-warn-line bg-warn-tint px-4 py-1.5 text-12"
    >
      <Icon name="unknown" size={13} className="mt-0.5 text-warn" />
      <span>
        <b className="text-warn">{t('shell.simulated')}</b> {t('shell.simulatedText')}{' '}
        {data.hostsReason && (
          <span translate="no" className="text-fg-2">
            {data.hostsReason}
          </span>
        )}
      </span>
    </p>
  );
}
