import type { ChainDifference, Family } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Section } from '../../ui/section.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { readRule } from '../drafts/draft-rules.ts';
import type { Mark } from '../drafts/lines.ts';
import { generationQuery } from '../history/history-queries.ts';
import { DraftMark } from '../rules/draft-mark.tsx';
import { TargetName, targetName } from '../rules/target.tsx';
import { ruleSentence } from '../words/rule-words.ts';

// nobody reads more of them here; the history has all
const mostShown = 100;

interface KeptRule {
  key: string;
  family: Family;
  chain: ChainDifference;
  mark: Extract<Mark, 'added' | 'deleted'>;
  number: number;
  text: string;
}

/** What a trial left on the host, in sentences: what was kept then against what was kept before, as the host has both. */
export function KeptChanges({ instanceId, generation }: { instanceId: string; generation: number }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(generationQuery(instanceId, generation));
  const previous = data?.previous ?? null;
  const families = (['ipv4', 'ipv6'] as const).map((family) => ({
    family,
    chains: data?.difference[family] ?? [],
  }));
  const chains = families.flatMap(({ family, chains: of }) => of.map((chain) => ({ family, chain })));
  const rules = chains.flatMap(({ family, chain }) => rulesOf(family, chain));
  return (
    <Section
      title={t('outcome.keptChanges')}
      testId="kept-changes"
      note={previous === null ? null : t('history.difference', { number: previous })}
    >
      {error && <FailureNotice error={error} onRetry={() => refetch()} className="m-3" />}
      {!data && !error && <Skeleton rows={2} />}
      {data && previous === null && <p className="px-4 py-3 text-fg-2">{t('history.first')}</p>}
      {data && previous !== null && chains.length === 0 && (
        <p className="px-4 py-3 text-fg-2">{t('history.equal')}</p>
      )}
      <ul>
        {previous !== null &&
          chains.map(({ family, chain }) => (
            <ChainRows key={`${family} ${chain.table} ${chain.chain}`} chain={chain} />
          ))}
        {previous !== null && rules.slice(0, mostShown).map((rule) => <RuleRow key={rule.key} rule={rule} />)}
      </ul>
      {rules.length > mostShown && (
        <p className="px-4 py-2 text-12 text-fg-2">
          {t('outcome.undone.more', { count: rules.length - mostShown })}
        </p>
      )}
    </Section>
  );
}

function rulesOf(family: Family, chain: ChainDifference): KeptRule[] {
  const of = (mark: KeptRule['mark'], rules: ChainDifference['added']) =>
    rules.map(({ number, text }) => ({
      ...{ key: `${mark} ${family} ${chain.table} ${chain.chain} ${number}`, family, chain, mark, number },
      text: text.replace(/^-A \S+ /, ''),
    }));
  return [...of('deleted', chain.removed), ...of('added', chain.added)];
}

const row =
  'grid grid-cols-[76px_minmax(0,1fr)_auto] items-center gap-2 border-b border-line px-4 py-2 last:border-0';

/** What became of the chain itself. */
function ChainRows({ chain: { chain, change, policy } }: { chain: ChainDifference }) {
  const { t } = useTranslation();
  return (
    <>
      {change !== 'changed' && (
        <li className={row}>
          <span>
            <DraftMark mark={change === 'created' ? 'added' : 'deleted'} />
          </span>
          {t(change === 'created' ? 'review.chainCreated' : 'review.chainDeleted', { chain })}
        </li>
      )}
      {policy && (
        <li className={row}>
          <span>
            <DraftMark mark="edited" />
          </span>
          <span className="flex flex-wrap items-center gap-2">
            {t('review.policy', { chain })}
            <TargetName name={policy.from} />→<TargetName name={policy.to} />
          </span>
        </li>
      )}
    </>
  );
}

function RuleRow({ rule: { family, chain, mark, number, text } }: { rule: KeptRule }) {
  const { t } = useTranslation();
  const rule = readRule(text, family);
  return (
    <li className={row}>
      <span>
        <DraftMark mark={mark} />
      </span>
      <span className={mark === 'deleted' ? 'text-fg-2 line-through' : ''}>
        <span className="text-fg-3" translate="no">
          {family === 'ipv6' && 'IPv6 '}
          {chain.table !== 'filter' && `${chain.table} `}
          {chain.chain}
        </span>{' '}
        {t('review.number', { number })} {ruleSentence(t, rule, chain.table, chain.chain)}
      </span>
      <TargetName name={targetName(rule)} />
    </li>
  );
}
