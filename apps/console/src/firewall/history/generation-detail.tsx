import { type ChainDifferenceView, chainDifferences, parseSave } from '@moru/netfilter';
import type { GenerationRules } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Output } from '../../ui/output.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { Host } from '../drafts/host.ts';
import { useEditor } from '../editor.tsx';
import { generationQuery } from './history-queries.ts';
import { useRestore } from './use-restore.ts';

/** One generation: who kept it, what it changed, what it holds, and the way back to it. */
export function GenerationDetail({ number, isNewest }: { number: number; isNewest: boolean }) {
  const { t } = useTranslation();
  const { instance, closed, session } = useEditor();
  const detail = useQuery(generationQuery(instance.id, number));
  const restore = useRestore(number);
  const { data } = detail;
  const since = useSince(isNewest ? data : undefined, session.host);
  return (
    <section
      aria-label={t('history.one', { number })}
      data-testid="generation-detail"
      className="flex min-h-0 min-w-0 flex-col overflow-auto bg-surface"
    >
      <header className="flex min-h-[46px] flex-none flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
        <h2 className="text-14">{t('history.one', { number })}</h2>
        {data && (
          <span className="text-12 text-fg-3 tabular-nums">
            {dateTime(data.at)} {data.author}
          </span>
        )}
        <span className="flex-1" />
        <Button
          size="sm"
          icon="undo"
          data-testid="restore"
          reason={closed}
          isPending={restore.isPending}
          onPress={() => restore.mutate()}
        >
          {t('history.restore')}
        </Button>
      </header>
      <div className="grid content-start gap-4 p-4">
        {restore.error && <FailureNotice error={restore.error} />}
        {restore.data === 'same' && (
          <p role="status" className="text-fg-2" data-testid="restore-same">
            {t('history.same')}
          </p>
        )}
        {detail.error && <FailureNotice error={detail.error} onRetry={() => detail.refetch()} />}
        {detail.isPending && <Skeleton rows={5} />}
        {since.length > 0 && (
          <section aria-label={t('history.since')} data-testid="since">
            <h3 className="text-14">{t('history.since')}</h3>
            {session.host.state.outside && <p className="text-12 text-fg-2">{t('history.sinceText')}</p>}
            <div className="mt-1.5">
              <Chains chains={since} />
            </div>
          </section>
        )}
        {data && <Difference detail={data} />}
        {data?.rules.ipv4 !== undefined && (
          <details open={isNewest}>
            <summary className="cursor-pointer text-12 font-semibold text-fg-2">{t('history.rules')}</summary>
            <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-2 pt-2">
              <Output label={t('history.rules')}>{data.rules.ipv4}</Output>
              <CopyButton text={data.rules.ipv4} label={t('history.rules')} />
            </div>
          </details>
        )}
      </div>
    </section>
  );
}

function Difference({ detail }: { detail: GenerationRules }) {
  const { t } = useTranslation();
  const { previous, difference } = detail;
  if (previous === null) return <p className="text-fg-2">{t('history.first')}</p>;
  const chains = [
    ...(difference.ipv4 ?? []).map((chain) => ({ family: 'IPv4', chain })),
    ...(difference.ipv6 ?? []).map((chain) => ({ family: 'IPv6', chain })),
  ];
  return (
    <section aria-label={t('history.difference', { number: previous })} data-testid="difference">
      <h3 className="mb-1.5 text-12 text-fg-3">{t('history.difference', { number: previous })}</h3>
      {chains.length === 0 && <p className="text-fg-2">{t('history.equal')}</p>}
      <Chains chains={chains} />
    </section>
  );
}

interface ChainOf {
  family: string;
  chain: ChainDifferenceView;
}

/** What differs between the rules of a generation and those that run now, in chains that are ours. */
function useSince(detail: GenerationRules | undefined, host: Host): ChainOf[] {
  const { family } = host.state;
  const text = detail?.rules[family];
  return useMemo(() => {
    if (text === undefined) return [];
    const kept = parseSave(text, { family, unreadable: 'keep' });
    const ownerOf = (chain: string) =>
      host.state.tables.some(({ name }) => host.isForeign(name, chain)) ? chain : null;
    return chainDifferences(kept, host.identified.set, ownerOf).map((chain) => ({
      family: family === 'ipv4' ? 'IPv4' : 'IPv6',
      chain,
    }));
  }, [text, family, host]);
}

function Chains({ chains }: { chains: readonly ChainOf[] }) {
  return (
    <ul className="grid gap-3">
      {chains.map(({ family, chain }) => (
        <li key={`${family} ${chain.table} ${chain.chain}`}>
          <ChainLines family={family} chain={chain} />
        </li>
      ))}
    </ul>
  );
}

function ChainLines({ family, chain }: ChainOf) {
  const { t } = useTranslation();
  const { table, change, policy, removed, added } = chain;
  return (
    <>
      <h4 className="text-13" translate="no">
        {family} {table === 'filter' ? '' : `${table} `}
        {chain.chain}
        {change !== 'changed' && (
          <span className="ml-2 text-12 font-normal text-fg-2">{t(`history.chain.${change}`)}</span>
        )}
      </h4>
      <ul className="mt-1 grid gap-0.5 font-mono text-12" translate="no">
        {policy && (
          <li>
            -P {chain.chain} {policy.from} → {policy.to}
          </li>
        )}
        {removed.map(({ number, text }) => (
          <li key={`removed ${number}`} className="grid grid-cols-[20px_36px_minmax(0,1fr)] text-bad">
            <span>
              −<span className="sr-only">{t('history.removed')}</span>
            </span>
            <span className="tabular-nums">{number}</span>
            <s className="wrap-anywhere">{text}</s>
          </li>
        ))}
        {added.map(({ number, text }) => (
          <li key={`added ${number}`} className="grid grid-cols-[20px_36px_minmax(0,1fr)] text-good">
            <span>
              +<span className="sr-only">{t('history.added')}</span>
            </span>
            <span className="tabular-nums">{number}</span>
            <span className="wrap-anywhere">{text}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
