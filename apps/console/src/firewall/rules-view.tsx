import type { FirewallState, Instance } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { instanceQuery } from '../instances/instance-queries.ts';
import { Switch } from '../ui/switch.tsx';
import { CaseButtons } from './case-buttons.tsx';
import { ChainBar } from './chain-bar.tsx';
import { ChainRail } from './chain-rail.tsx';
import { DeleteRuleDialog } from './delete-rule-dialog.tsx';
import { EmptyRules } from './empty-rules.tsx';
import { firewallQuery } from './firewall-queries.ts';
import type { FirewallSearch } from './firewall-search.ts';
import type { GuideCase } from './guide-cases.ts';
import { GuideNotes } from './guide-notes.tsx';
import { ListingGrid } from './listing-grid.tsx';
import { RuleFormPanel } from './rule-form-panel.tsx';
import { RuleInspector } from './rule-inspector.tsx';
import { chainOf, listingOf, type RuleRow, rowsOf } from './rule-set.ts';
import { ruleSentence } from './rule-words.ts';
import { RulesGrid } from './rules-grid.tsx';
import { useFollowedRule } from './use-followed-rule.ts';
import { ViewRow } from './view-row.tsx';

export function RulesView() {
  const { instanceId } = useParams({ from: '/shell/instances/$instanceId' });
  const { data: state } = useQuery(firewallQuery(instanceId));
  const { data: instance } = useQuery(instanceQuery(instanceId));
  return state && instance ? <Editor instance={instance} state={state} /> : null;
}

/** A form for a new rule; `attempt` makes a fresh one of each press. */
interface Creating {
  guideCase: GuideCase | null;
  attempt: number;
}

function Editor({ instance, state }: { instance: Instance; state: FirewallState }) {
  const { t } = useTranslation();
  const search = useSearch({ from: '/shell/instances/$instanceId/firewall/' });
  const navigate = useNavigate({ from: '/instances/$instanceId/firewall/' });
  const [creating, setCreating] = useState<Creating | null>(null);
  const [deleting, setDeleting] = useState<RuleRow | null>(null);
  const createButton = useRef<HTMLButtonElement>(null);
  const table = search.table ?? 'filter';
  const name = search.chain ?? state.tables.find((each) => each.name === table)?.chains[0]?.name ?? 'INPUT';
  const chain = chainOf(state, table, name);
  const rows = chain ? rowsOf(state, table, chain) : [];
  const change = (next: FirewallSearch) => navigate({ search: next, replace: true });
  const select = (rule?: number) => {
    const { rule: _, ...rest } = search;
    return change(rule === undefined ? rest : { ...rest, rule });
  };
  const selected = useFollowedRule(`${table} ${name}`, rows, search.rule, select);
  const create = (guideCase: GuideCase | null) => {
    void select();
    setCreating((before) => ({ guideCase, attempt: (before?.attempt ?? 0) + 1 }));
  };
  const leaveForm = () => {
    setCreating(null);
    createButton.current?.focus();
  };
  const iptablesColumns = search.columns === 'iptables';
  const listing = chain && iptablesColumns ? listingOf(state, table, chain) : [];
  const shown = rows.filter(({ text, rule, number }) =>
    contains([text, ruleSentence(t, rule, table, name), ...(listing[number - 1] ?? [])], search.q),
  );
  const filtered = shown.length !== rows.length;
  const fresh = hasNoOwnRule(state);
  return (
    <>
      <ViewRow instanceId={instance.id}>
        <Switch
          isSelected={iptablesColumns}
          onChange={(on) => {
            const { columns: _, ...rest } = search;
            void change(on ? { ...rest, columns: 'iptables' } : rest);
          }}
        >
          {t('rules.iptablesColumns')}
        </Switch>
      </ViewRow>
      <div className="relative grid min-h-0 flex-1 wide:grid-cols-[196px_minmax(0,1fr)_324px]">
        <ChainRail instanceId={instance.id} state={state} table={table} chain={name} />
        <section aria-label={t('rules.title')} className="flex min-h-0 min-w-0 flex-col bg-surface">
          <ChainBar
            instance={instance}
            state={state}
            table={table}
            chain={chain}
            createRef={createButton}
            onCreate={() => create(null)}
            onChain={(to) =>
              change({ ...(to.table === 'filter' ? {} : { table: to.table }), chain: to.chain })
            }
          />
          <div className="min-h-0 flex-1 overflow-auto">
            {chain && iptablesColumns && (
              <ListingGrid
                chain={chain}
                lines={shown.flatMap(({ number }) => listing.slice(number - 1, number))}
                filtered={filtered}
              />
            )}
            {chain && !iptablesColumns && (
              <RulesGrid
                instance={instance}
                table={table}
                chain={chain}
                rows={shown}
                filtered={filtered}
                selected={selected?.number}
                onSelect={(row) => {
                  setCreating(null);
                  void select(row.number);
                }}
                onDelete={setDeleting}
              />
            )}
            {chain && !creating && fresh && <EmptyRules instance={instance} state={state} onCase={create} />}
          </div>
        </section>
        {creating ? (
          <RuleFormPanel
            key={creating.attempt}
            instance={instance}
            state={state}
            table={table}
            chain={chain?.owner === 'moru' ? name : 'INPUT'}
            guideCase={creating.guideCase}
            onClose={leaveForm}
          />
        ) : selected && chain ? (
          <RuleInspector
            instance={instance}
            table={table}
            chain={chain}
            row={selected}
            onDelete={() => setDeleting(selected)}
            onClose={() => select()}
          />
        ) : (
          <GuideNotes>
            {/* on a fresh host they stand in the middle of the page */}
            {!fresh && <CaseButtons instance={instance} onCase={create} />}
          </GuideNotes>
        )}
      </div>
      {deleting && chain && (
        <DeleteRuleDialog
          instanceId={instance.id}
          state={state}
          table={table}
          chain={chain}
          row={deleting}
          onClose={() => {
            setDeleting(null);
            void select();
          }}
        />
      )}
    </>
  );
}

function contains(words: readonly string[], text = ''): boolean {
  const wanted = text.trim().toLowerCase();
  return words.some((word) => word.toLowerCase().includes(wanted));
}

/** Nothing but jumps to other programs: what the guide shows as the fresh state of a host. */
function hasNoOwnRule(state: FirewallState): boolean {
  return state.tables.every((table) =>
    table.chains.every(
      (chain) => chain.owner === 'foreign' || chain.rules.every((rule) => rule.text === '-j sshguard'),
    ),
  );
}
