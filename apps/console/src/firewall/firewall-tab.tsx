import { exposure } from '@moru/netfilter';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { RequestError } from '../http/request-error.ts';
import { instanceQuery } from '../instances/instance-queries.ts';
import { Announcer } from '../ui/announcer.tsx';
import { Banner } from '../ui/banner.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { CommandBar } from './command-bar/command-bar.tsx';
import { EditorProvider, useEditor } from './editor.tsx';
import { firewallQuery } from './firewall-queries.ts';
import { freshState, hasNoAgent } from './generator/fresh-state.ts';
import { GeneratorStrip } from './generator/generator-strip.tsx';
import { StateStrip } from './state-strip.tsx';
import { ClashBanner } from './steps/clash-banner.tsx';
import { DraftBar } from './steps/draft-bar.tsx';
import { OthersDrafts } from './steps/others-drafts.tsx';

/** Nothing runs on the host, so nothing is wrong. */
function isOff(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'instance.state';
}

/** 방화벽: what the host lets in, beneath it the chosen view, at the bottom the command bar and the draft. */
export function FirewallTab() {
  const { t } = useTranslation();
  const { instanceId } = useParams({ from: '/shell/instances/$instanceId' });
  const firewall = useQuery(firewallQuery(instanceId));
  const { data: instance } = useQuery(instanceQuery(instanceId));
  if (!instance) return null;
  const { data, error } = firewall;
  const generator = data === undefined && hasNoAgent(error);
  const state = generator ? freshState : data;
  return (
    <div data-testid="firewall" className="flex min-h-0 flex-1 flex-col">
      <Announcer>
        {error && !generator && (
          <div className="grid gap-2 px-4 py-3 narrow:px-5" data-testid="firewall-unreachable">
            {isOff(error) ? (
              <Banner tone="info" title={t('firewall.off')}>
                {t('firewall.offText')}
              </Banner>
            ) : (
              <FailureNotice
                error={error}
                note={t(state ? 'firewall.old' : 'firewall.unreachable')}
                onRetry={() => firewall.refetch()}
              />
            )}
          </div>
        )}
        {firewall.isPending && (
          <div className="bg-surface">
            <Skeleton rows={1} row="h-16" />
            <Skeleton rows={6} />
          </div>
        )}
        {state && (
          <EditorProvider instance={instance} state={state} generator={generator}>
            {generator ? (
              <GeneratorStrip instance={instance} error={error} />
            ) : (
              <Strip old={error !== null} />
            )}
            <OthersDrafts />
            <ClashBanner />
            <Outlet />
            <CommandBar />
            <DraftBar />
          </EditorProvider>
        )}
      </Announcer>
    </div>
  );
}

function Strip({ old }: { old: boolean }) {
  const { instance, session, look } = useEditor();
  const { host, draft } = session;
  const { otherBackend } = host.state;
  // counters come every few seconds, other rules seldom
  const seen = useMemo(
    () => exposure(host.identified.set, { otherRules: otherBackend }),
    [host.identified, otherBackend],
  );
  return (
    <StateStrip
      instance={instance}
      state={host.state}
      seen={seen}
      old={old}
      wanted={draft.steps.length > 0 ? (look?.exposure ?? null) : null}
    />
  );
}
