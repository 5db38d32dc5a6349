import { emptyInput, ruleInputOf } from '@moru/netfilter';
import type { DraftAnchor } from '@moru/types';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReason } from '../../instances/use-instance-actions.ts';
import { printRules } from '../../rollouts/copy-search.ts';
import { useAnnounce } from '../../ui/announcer.tsx';
import { useCopy } from '../../ui/copy-button.tsx';
import { type ChainDialog, ChainDialogs } from '../chains/chain-dialogs.tsx';
import { chainMenu, policyMenu } from '../chains/chain-menus.ts';
import { ZeroDialog } from '../counters/zero-dialog.tsx';
import { hostRule, type ZeroTarget } from '../counters/zero-target.ts';
import { changedChains } from '../drafts/changed-chains.ts';
import { chainOf, textOf } from '../drafts/draft-rules.ts';
import { type Line, linesOf } from '../drafts/lines.ts';
import { useEditor } from '../editor.tsx';
import { CaseButtons } from '../inspector/case-buttons.tsx';
import type { GuideCase } from '../inspector/guide-cases.ts';
import { GuideNotes } from '../inspector/guide-notes.tsx';
import { type FormTask, RuleFormPanel } from '../inspector/rule-form-panel.tsx';
import { RuleInspector } from '../inspector/rule-inspector.tsx';
import { Panel } from '../panel.tsx';
import { SshguardPanel } from '../sshguard/sshguard-panel.tsx';
import { ChainBar } from './chain-bar.tsx';
import { ChainRail } from './chain-rail.tsx';
import { ChosenBar } from './chosen-bar.tsx';
import { countersOf, usePaused, useReadings } from './counters.ts';
import { EmptyRules } from './empty-rules.tsx';
import { FilterNote } from './filter-note.tsx';
import type { Move } from './moves.ts';
import { type Place, placeSearch, useRulesSearch } from './place.ts';
import { PolicyRow } from './policy-row.tsx';
import { RowMenu } from './row-menu-popover.tsx';
import { filterLines } from './rule-filter.ts';
import { RuleGrid } from './rule-grid.tsx';
import { renamedIn, useOpenLine } from './use-open-line.ts';
import { useView } from './use-view.ts';

/** One chain with the draft in place: grid, and at its right the rule or the form. */
export function RulesEditor({ place }: { place: Place }) {
  const { t } = useTranslation();
  const { instance, session, actions, closed, generator, look } = useEditor();
  const { search, change } = useRulesSearch();
  const announce = useAnnounce();
  const copy = useCopy();
  const view = useView();
  const { draft, host } = session;
  const { table, chain: name } = place;
  const chain = chainOf(draft.rules, table, name);
  const was = chainOf(draft.base, table, name);
  const moving = useMemo(
    () => new Set(draft.steps.flatMap((step) => (step.type === 'move' ? step.rules : []))),
    [draft.steps],
  );
  const lines = useMemo(() => linesOf(was, chain, moving), [was, chain, moving]);
  const [forAll, setForAll] = useState(false);
  const query = useDeferredValue(search.q ?? '');
  const filtered = useMemo(() => filterLines(lines, query, forAll), [lines, query, forAll]);
  const [hovered, setHovered] = useState(false);
  const readings = useReadings(usePaused(host.state, hovered));
  const counters = useMemo(() => countersOf(readings, table, name), [readings, table, name]);
  const shadows = useMemo(
    () => shadowsById(look?.shadows[`${table} ${name}`], lines),
    [look, table, name, lines],
  );
  const open = useOpenLine(
    `${table} ${name}`,
    lines,
    search.rule,
    renamedIn(session, table, name),
    (rule) => void change({ rule }),
  );
  const navigate = useNavigate();
  const [task, setTask] = useState<{ task: FormTask; attempt: number } | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [goTo, setGoTo] = useState<{ id: string } | null>(() => (open ? { id: open.entry.id } : null));
  const [menu, setMenu] = useState<{ line: Line; button: HTMLElement } | null>(null);
  const [zeroing, setZeroing] = useState<ZeroTarget | null>(null);
  const mayNotZero = useReason()('firewall.zero', instance);
  const zeroReason = generator ? t('generator.noOutput') : mayNotZero;
  const [dialog, setDialog] = useState<ChainDialog | null>(null);
  const createButton = useRef<HTMLButtonElement>(null);
  const reason = chain?.foreign ? t('rules.foreignReason') : closed;
  const isSshguard = table === 'filter' && name === 'sshguard';
  const fresh = useMemo(() => hasNoOwnRule(draft.rules), [draft.rules]);

  const openMenu = useCallback((line: Line, button: HTMLElement) => setMenu({ line, button }), []);
  const changed = useMemo(() => changedChains(draft), [draft]);
  const show = useCallback(
    (line: Line) => {
      setTask(null);
      void change({ rule: line.to ?? line.from ?? undefined });
    },
    [change],
  );
  const begin = (next: FormTask) => {
    void change({ rule: undefined });
    setTask((before) => ({ task: next, attempt: (before?.attempt ?? 0) + 1 }));
  };
  const create = (at: DraftAnchor | null, guideCase: GuideCase | null = null) =>
    begin({ type: 'create', at, guideCase, input: emptyInput(guideCase?.fields ?? { target: 'ACCEPT' }) });
  const edit = ({ entry, to, before }: Line) => {
    const input = ruleInputOf(entry.rule);
    const host = ruleInputOf((before ?? entry).rule);
    if (input && host) begin({ type: 'edit', id: entry.id, number: to, input, before: host });
    else void change({ mode: 'text' });
  };
  const leaveForm = () => {
    setTask(null);
    createButton.current?.focus();
  };
  const move = (next: Move) => {
    actions.add([{ table, chain: name, type: 'move', rules: next.ids, at: next.at }]);
    if (next.number !== null)
      announce(t('grid.moved', { chain: name, count: next.ids.length, number: next.number }));
  };
  const remove = (ids: readonly string[]) => {
    const live = ids.filter((id) => lines.some((line) => line.entry.id === id && line.mark !== 'deleted'));
    if (live.length === 0) return;
    actions.add([{ table, chain: name, type: 'delete', rules: live }]);
    announce(t('grid.deleted', { count: live.length }));
    setChosen(new Set());
  };
  const mayCopy = useReason()('rollout.plan');
  const copyRules = (ids: readonly string[]) => {
    const numbers = lines.flatMap(({ entry, to }) =>
      to !== null && !entry.off && ids.includes(entry.id) ? [to] : [],
    );
    void navigate({
      to: '/instances/$instanceId/firewall/copy',
      params: { instanceId: instance.id },
      search: numbers.length > 0 ? { rules: printRules(table, name, numbers) } : {},
    });
  };
  const goToNumber = (number: number) => {
    const line = lines.find((each) => each.to === number);
    if (line) {
      setGoTo({ id: line.entry.id });
      show(line);
    } else announce(t('grid.noNumber', { number }));
  };

  return (
    <>
      <div className="relative grid min-h-0 flex-1 wide:grid-cols-[196px_minmax(0,1fr)_324px]">
        <ChainRail instanceId={instance.id} rules={draft.rules} place={place} changed={changed} />
        <section aria-label={t('rules.title')} className="flex min-h-0 min-w-0 flex-col bg-surface">
          <ChainBar
            rules={draft.rules}
            place={place}
            chain={chain}
            reason={reason}
            createRef={createButton}
            onCreate={() => create(null)}
            onPlace={(to) => void change({ ...placeSearch(to), rule: undefined })}
            onNumber={goToNumber}
            policyMenu={() => policyMenu({ t, chain, reason, table, actions })}
            chainMenu={() =>
              chainMenu({
                ...{ t, chain, reason, closed, table, name, actions, zeroReason },
                onDialog: setDialog,
                onZero: (of) => setZeroing({ table, chain: of, rule: null }),
              })
            }
          />
          {chosen.size > 0 && (
            <ChosenBar
              count={chosen.size}
              reason={reason}
              onDelete={() => remove([...chosen])}
              onTurn={(off) => actions.add([{ table, chain: name, type: 'turn', rules: [...chosen], off }])}
              copyReason={mayCopy}
              onCopy={() => copyRules([...chosen])}
              onClear={() => setChosen(new Set())}
            />
          )}
          <FilterNote
            filtered={filtered}
            total={lines.length}
            query={query}
            forAll={forAll}
            onForAll={setForAll}
          />
          {isSshguard && (
            <div className="max-h-[45dvh] flex-none overflow-auto border-b border-line p-4 wide:hidden">
              <SshguardPanel />
            </div>
          )}
          {chain && (
            <RuleGrid
              table={table}
              chain={name}
              family="ipv4"
              lines={lines}
              shown={filtered.shown}
              counters={counters}
              shadows={shadows}
              view={view}
              foreign={chain.foreign}
              editable={reason === null}
              open={open?.entry.id ?? (task?.task.type === 'edit' ? task.task.id : null)}
              chosen={chosen}
              goTo={goTo}
              onOpen={show}
              onChoose={setChosen}
              onMove={move}
              onDelete={remove}
              onMenu={openMenu}
              onHover={setHovered}
              foot={
                <PolicyRow
                  chain={chain}
                  was={was && was.policy !== chain.policy ? was.policy : null}
                  counted={counters.policy()}
                  columns={view === 'iptables'}
                />
              }
            >
              {!task && fresh && <EmptyRules onCase={(guideCase) => create(null, guideCase)} />}
            </RuleGrid>
          )}
        </section>
        {task ? (
          <RuleFormPanel
            key={task.attempt}
            table={table}
            chain={chain?.foreign === false ? name : 'INPUT'}
            task={task.task}
            onDone={leaveForm}
            onClose={leaveForm}
          />
        ) : open && chain ? (
          <RuleInspector
            table={table}
            chain={name}
            family="ipv4"
            line={open}
            counted={open.from === null || open.mark === 'edited' ? null : counters.rule(open.from)}
            shadow={shadows.get(open.entry.id) ?? null}
            reason={reason}
            foreign={chain.foreign}
            zeroReason={zeroReason}
            onZero={() => open.from !== null && setZeroing(hostRule(session, table, name, open.from))}
            onEdit={() => edit(open)}
            onDelete={() => remove([open.entry.id])}
            onRestore={() => actions.restore(table, name, open.entry.id)}
            onClose={() => void change({ rule: undefined })}
          />
        ) : isSshguard ? (
          <Panel title={t('sshguard.title')} label={t('sshguard.title')} testId="sshguard-panel">
            <SshguardPanel />
          </Panel>
        ) : (
          <GuideNotes>
            {/* on a fresh host they stand in the middle of the page */}
            {!fresh && <CaseButtons onCase={(guideCase) => create(null, guideCase)} />}
          </GuideNotes>
        )}
      </div>
      {menu && (
        <RowMenu
          line={menu.line}
          button={menu.button}
          lines={lines}
          ids={chosen.has(menu.line.entry.id) ? [...chosen] : [menu.line.entry.id]}
          reason={reason}
          onClose={() => setMenu(null)}
          do={{
            show: () => show(menu.line),
            edit: () => edit(menu.line),
            insert: (side) => create({ side, id: menu.line.entry.id, other: null }),
            duplicate: () =>
              actions.add([
                {
                  ...{
                    table,
                    chain: name,
                    type: 'insert' as const,
                    rules: [{ text: textOf(menu.line.entry.rule) }],
                  },
                  at: { side: 'after', id: menu.line.entry.id, other: null },
                },
              ]),
            move,
            turn: (off) =>
              actions.add([{ table, chain: name, type: 'turn', rules: [menu.line.entry.id], off }]),
            restore: () => actions.restore(table, name, menu.line.entry.id),
            copy: () => void copy(textOf(menu.line.entry.rule), t('rules.title')),
            link: () => void copy(linkTo(menu.line), t('rowMenu.link')),
            delete: () => remove(chosen.has(menu.line.entry.id) ? [...chosen] : [menu.line.entry.id]),
          }}
        />
      )}
      {zeroing && <ZeroDialog target={zeroing} onClose={() => setZeroing(null)} />}
      {dialog && <ChainDialogs dialog={dialog} table={table} chain={name} onClose={() => setDialog(null)} />}
    </>
  );

  function linkTo({ to, from }: Line): string {
    const text = new URLSearchParams({ table, chain: name, rule: String(to ?? from ?? '') });
    return `${location.origin}${location.pathname}?${text}`;
  }
}

/** The worker knows rules by number, the grid by id. */
function shadowsById(
  shadows: Record<number, number> | undefined,
  lines: readonly Line[],
): Map<string, number> {
  if (!shadows) return new Map();
  return new Map(
    lines.flatMap(({ entry, to }): [string, number][] => {
      const by = to === null ? undefined : shadows[to];
      return by === undefined ? [] : [[entry.id, by]];
    }),
  );
}

/** Nothing but jumps to other programs: what the guide shows as the fresh state of a host. */
function hasNoOwnRule({ tables }: { tables: readonly { chains: readonly ChainLike[] }[] }): boolean {
  return tables.every(({ chains }) =>
    chains.every(
      ({ foreign, entries }) => foreign || entries.every(({ rule }) => textOf(rule) === '-j sshguard'),
    ),
  );
}

type ChainLike = NonNullable<ReturnType<typeof chainOf>>;
