import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../ui/banner.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { chainOf } from '../drafts/draft-rules.ts';
import { hostOf, sameRules } from '../drafts/host.ts';
import { linesOf } from '../drafts/lines.ts';
import { useEditor } from '../editor.tsx';
import { firewallQuery } from '../firewall-queries.ts';
import { ChainRail } from './chain-rail.tsx';
import { countersOf, useReadings } from './counters.ts';
import type { Place } from './place.ts';
import { PolicyRow } from './policy-row.tsx';
import { RuleGrid } from './rule-grid.tsx';
import { useView } from './use-view.ts';

const nothing: ReadonlyMap<string, number> = new Map();
const nobody: ReadonlySet<string> = new Set();
const ignore = () => {};

/** IPv6: the host's other rules, shown with their counters and not edited here. */
export function ForeignFamily({ place }: { place: Place }) {
  const { instance } = useEditor();
  const query = useQuery(firewallQuery(instance.id, 'ipv6'));
  if (query.error && !query.data) {
    return (
      <div className="p-4">
        <FailureNotice error={query.error} onRetry={() => query.refetch()} />
      </div>
    );
  }
  return query.data ? <Shown place={place} state={query.data} /> : <Skeleton rows={6} />;
}

type State = Parameters<typeof hostOf>[0];

/** The rules, which stay the same objects while only counters move: to read them anew each time would be for nothing. */
function useBase(state: State) {
  const [host, setHost] = useState(() => hostOf(state, []));
  if (sameRules(host.state, state)) return host.base;
  const next = hostOf(state, []);
  setHost(next);
  return next.base;
}

function Shown({ place, state }: { place: Place; state: State }) {
  const { t } = useTranslation();
  const { instance } = useEditor();
  const view = useView();
  const base = useBase(state);
  const readings = useReadings(state);
  const chain = chainOf(base, place.table, place.chain);
  const lines = useMemo(() => linesOf(chain, chain), [chain]);
  const counters = useMemo(
    () => countersOf(readings, place.table, place.chain),
    [readings, place.table, place.chain],
  );
  const open = chainOf(base, 'filter', 'INPUT');
  return (
    <div className="relative grid min-h-0 flex-1 wide:grid-cols-[196px_minmax(0,1fr)]">
      <ChainRail instanceId={instance.id} rules={base} place={place} changed={nobody} />
      <section aria-label={t('rules.title')} className="flex min-h-0 min-w-0 flex-col bg-surface">
        <header className="flex min-h-[46px] flex-none flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
          <h2 className="text-14" translate="no">
            {place.chain}
          </h2>
        </header>
        <div className="px-4 pt-3">
          {open?.policy === 'ACCEPT' && open.entries.length === 0 ? (
            <Banner tone="warn" title={t('ipv6.open')}>
              {t('ipv6.openText')}
            </Banner>
          ) : (
            <Banner tone="info" title={t('ipv6.readOnly')}>
              {t('ipv6.readOnlyText')}
            </Banner>
          )}
        </div>
        {chain && (
          <RuleGrid
            table={place.table}
            chain={place.chain}
            family="ipv6"
            lines={lines}
            shown={null}
            counters={counters}
            shadows={nothing}
            view={view}
            foreign
            editable={false}
            open={null}
            chosen={nobody}
            goTo={null}
            onOpen={ignore}
            onChoose={ignore}
            onMove={ignore}
            onDelete={ignore}
            onMenu={ignore}
            onHover={ignore}
            foot={
              <PolicyRow chain={chain} was={null} counted={counters.policy()} columns={view === 'iptables'} />
            }
          />
        )}
      </section>
    </div>
  );
}
