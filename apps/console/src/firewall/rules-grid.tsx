import { abbreviateCounter, describeRule, foreignOwner } from '@moru/netfilter';
import type { FirewallChain, Instance, TableName } from '@moru/types';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useReason } from '../instances/use-instance-actions.ts';
import { Address } from '../ui/address.tsx';
import { useCopy } from '../ui/copy-button.tsx';
import { cx } from '../ui/cx.ts';
import { Icon } from '../ui/icon.tsx';
import { ListEmpty } from '../ui/list-page.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import { Cell, Head, Row, Table } from '../ui/table.tsx';
import type { RuleRow } from './rule-set.ts';
import { protocolPort, ruleSentence, signed } from './rule-words.ts';
import { TargetName, targetName } from './target.tsx';

interface RulesGridProps {
  instance: Instance;
  table: TableName;
  chain: FirewallChain;
  rows: RuleRow[];
  /** some rules are hidden by the filter */
  filtered: boolean;
  selected: number | undefined;
  onSelect: (row: RuleRow) => void;
  onDelete: (row: RuleRow) => void;
}

/** The chain as sentences, top to bottom as the kernel asks; the policy answers last. */
export function RulesGrid(props: RulesGridProps) {
  const { t } = useTranslation();
  const { chain, rows, filtered } = props;
  return (
    <Table
      label={t('rules.ofChain', { chain: chain.name })}
      empty={filtered && rows.length === 0 && <ListEmpty title={t('rules.noMatch')} />}
      head={
        <>
          <Head className="w-14">{t('rules.num')}</Head>
          <Head className="w-[94px]">{t('rules.target')}</Head>
          <Head>{t('rules.title')}</Head>
          <Head>{t('rules.source')}</Head>
          <Head>{t('rules.protocolPort')}</Head>
          <Head>{t('rules.inOut')}</Head>
          <Head className="text-right!">{t('rules.pkts')}</Head>
          <Head className="w-8">
            <span className="sr-only">{t('menu.more')}</span>
          </Head>
        </>
      }
    >
      {rows.map((row) => (
        <RuleLine key={`${row.number} ${row.text}`} {...props} row={row} />
      ))}
      {chain.policy && (
        <Row
          testId="policy-row"
          id={chain.name}
          className="bg-canvas max-narrow:flex max-narrow:flex-wrap max-narrow:px-4 max-narrow:py-2.5"
        >
          <Cell colSpan={6} className="border-line-strong! bg-canvas pl-7! font-semibold!">
            <span className="flex flex-wrap items-center gap-2">
              {t('rules.otherwise')} <Icon name="arrow" /> <TargetName name={chain.policy} />
              <span className="font-normal text-fg-3">{t('rules.byPolicy')}</span>
            </span>
          </Cell>
          <Cell className="border-line-strong! bg-canvas text-right! font-semibold! tabular-nums max-narrow:hidden">
            {abbreviateCounter(BigInt(chain.packets))}
          </Cell>
          <Cell className="border-line-strong! bg-canvas max-narrow:hidden" />
        </Row>
      )}
    </Table>
  );
}

function RuleLine({
  instance,
  table,
  chain,
  row,
  selected,
  onSelect,
  onDelete,
}: RulesGridProps & { row: RuleRow }) {
  const { t } = useTranslation();
  const reason = useReason();
  const copy = useCopy();
  const target = targetName(row.rule);
  const words = describeRule(row.rule);
  const sentence = ruleSentence(t, row.rule, table, chain.name);
  const foreign = chain.owner === 'foreign' || foreignOwner(target) !== null;
  const isSelected = selected === row.number;
  const tint = isSelected ? 'bg-selected!' : foreign ? 'bg-canvas' : '';
  const readOnly = chain.owner === 'foreign' ? t('rules.foreignReason') : null;
  return (
    <Row
      testId="rule-row"
      id={String(row.number)}
      className={cx(
        tint,
        'max-narrow:grid max-narrow:grid-cols-[28px_auto_minmax(0,1fr)_44px] max-narrow:items-center max-narrow:gap-x-2.5 max-narrow:gap-y-0.5 max-narrow:py-2.5 max-narrow:pr-2 max-narrow:pl-4',
      )}
    >
      <Cell className={cx(tint, 'tabular-nums')}>
        <span className="inline-flex items-center gap-1.5">
          <Icon
            name="lock"
            size={12}
            className={cx('text-fg-off max-narrow:hidden', !foreign && 'invisible')}
          />
          {row.number}
        </span>
      </Cell>
      <Cell className={tint}>
        <TargetName name={target} />
      </Cell>
      <Cell
        header
        className={cx(
          tint,
          'w-2/5 py-1.5 whitespace-normal! max-narrow:w-auto max-narrow:order-4 max-narrow:col-span-full max-narrow:pl-[38px]!',
        )}
      >
        <span className="flex min-w-0 flex-wrap items-center gap-x-[7px] narrow:min-w-52">
          <button
            type="button"
            onClick={() => onSelect(row)}
            aria-current={isSelected ? 'true' : undefined}
            className="cursor-pointer rounded-2 text-left leading-[1.3] hover:underline"
          >
            {sentence}
          </button>
          {words.comment !== null && (
            <span translate="no" className="text-12 text-fg-3">
              # {words.comment}
            </span>
          )}
        </span>
      </Cell>
      <Cell className={cx(tint, 'max-narrow:order-2 max-narrow:text-right')}>
        <Any
          className="max-narrow:hidden"
          words={t('rules.anyAddress')}
          value={words.source && signed(words.source)}
        />
      </Cell>
      <Cell className={cx(tint, 'max-narrow:hidden')}>
        <ProtocolPort rule={row.rule} />
      </Cell>
      <Cell className={cx(tint, 'max-narrow:hidden')}>
        <Interfaces row={row} />
      </Cell>
      <Cell className={cx(tint, 'text-right! tabular-nums max-narrow:hidden')}>
        <span title={row.exactPackets}>{row.packets}</span>
      </Cell>
      {/* stays in view where even wrapped columns are wider than the page */}
      <Cell
        className={cx(
          tint || 'bg-surface',
          'sticky right-0 px-1! max-narrow:static max-narrow:order-3 max-narrow:text-right',
        )}
      >
        <MenuButton
          look="quiet"
          size="sm"
          icon="more"
          label={t('rules.menuOf', { number: row.number })}
          data-testid="rule-menu"
          groups={() => [
            {
              id: 'rule',
              title: t('rules.ruleNumber', { number: row.number }),
              actions: [
                { id: 'show', label: t('rules.show'), icon: 'info', onAction: () => onSelect(row) },
                {
                  id: 'copy-rule',
                  label: t('rules.copy'),
                  icon: 'copy',
                  onAction: () => void copy(row.text, t('rules.title')),
                },
                {
                  id: 'delete-rule',
                  label: t('rules.delete'),
                  icon: 'trash',
                  reason: readOnly ?? reason('firewall.change', instance),
                  onAction: () => onDelete(row),
                },
              ],
            },
          ]}
        />
      </Cell>
    </Row>
  );
}

function Any({ words, value, className }: { words: string; value: string | null; className?: string }) {
  return value ? <Address>{value}</Address> : <span className={cx('text-fg-3', className)}>{words}</span>;
}

/** Broken between ports only: fifteen of them would push the row's menu off the page. */
function ProtocolPort({ rule }: Pick<RuleRow, 'rule'>) {
  const { t } = useTranslation();
  const value = protocolPort(rule);
  if (!value) return <span className="text-fg-3">{t('rules.all')}</span>;
  return (
    <Address className="inline-block max-w-44 min-w-20 whitespace-normal! [overflow-wrap:normal]">
      {value}
    </Address>
  );
}

function Interfaces({ row }: { row: RuleRow }) {
  const { t } = useTranslation();
  const { inInterface, outInterface } = describeRule(row.rule);
  const parts: ReactNode[] = [];
  if (inInterface) {
    parts.push(
      <span key="in">
        {t('rules.in')} <Address>{signed(inInterface)}</Address>
      </span>,
    );
  }
  if (outInterface) {
    parts.push(
      <span key="out">
        {t('rules.out')} <Address>{signed(outInterface)}</Address>
      </span>,
    );
  }
  if (parts.length === 0) return <span className="text-fg-3">{t('rules.all')}</span>;
  return <span className="inline-flex flex-wrap gap-x-2">{parts}</span>;
}
