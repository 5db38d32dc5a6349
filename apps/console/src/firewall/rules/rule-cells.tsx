import { describeRule, type Rule } from '@moru/netfilter';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Tag } from '../../ui/badge.tsx';
import { cx } from '../../ui/cx.ts';
import { interfacesOf, wasOtherwise } from '../words/line-words.ts';
import { protocolPort, ruleSentence, signed } from '../words/rule-words.ts';
import { DraftMark } from './draft-mark.tsx';
import { cell, roles } from './grid-columns.ts';
import type { RuleRowProps } from './rule-row.tsx';
import { TargetName, targetName } from './target.tsx';

/** The rule as a sentence, with the columns that people look for. */
export function RuleCells(props: RuleRowProps) {
  const { line, table, chain, view, counted, shadow } = props;
  const { t } = useTranslation();
  const { entry, mark } = line;
  const { rule } = entry;
  const gone = mark === 'deleted' || entry.off;
  const words = describeRule(rule);
  const sentence = ruleSentence(t, rule, table, chain);
  const source = (of: Rule) => {
    const held = describeRule(of).source;
    return held ? signed(held) : null;
  };
  const target = (
    <span className={cx(gone && 'line-through decoration-1')}>
      <TargetName name={targetName(rule)} />
    </span>
  );
  const text = (
    <span
      className={cx(
        'line-clamp-2 min-w-0 leading-[16px]',
        mark === 'deleted' && 'text-fg-2 line-through decoration-1',
        (entry.off || shadow !== null) && 'text-fg-2',
      )}
      title={sentence}
    >
      {sentence}
      {words.comment !== null && (
        <span translate="no" className="text-12 text-fg-3">
          {' # '}
          {words.comment}
        </span>
      )}
    </span>
  );
  const marks = (
    <>
      {mark && <DraftMark mark={mark} />}
      {entry.off && mark !== 'off' && <Tag tone="plain">{t('grid.off')}</Tag>}
      {shadow !== null && (
        <Tag tone="line" icon="unknown">
          {t('grid.shadowed', { number: shadow })}
        </Tag>
      )}
    </>
  );
  if (view === 'stacked') {
    return (
      <>
        <td {...roles.cell} className={cx(cell, 'col-start-2 row-start-1 h-7 gap-2')}>
          {target}
          {marks}
        </td>
        <td {...roles.cell} className={cx(cell, 'col-span-2 col-start-2 row-start-2 h-8 items-start')}>
          <span className="truncate">{sentence}</span>
        </td>
        <td {...roles.cell} className={cx(cell, 'col-start-3 row-start-1 h-7 text-12 text-fg-2')}>
          {protocolPort(rule)}
        </td>
      </>
    );
  }
  return (
    <>
      <td {...roles.cell} className={cell}>
        {target}
      </td>
      <td {...roles.cell} className={cx(cell, 'gap-[7px]')}>
        {text}
        {marks}
      </td>
      <Value now={source(rule)} was={wasOtherwise(line, source)} any={t('rules.anyAddress')} gone={gone} />
      <Value
        now={protocolPort(rule)}
        was={wasOtherwise(line, protocolPort)}
        any={t('rules.all')}
        gone={gone}
      />
      <td
        {...roles.cell}
        className={cx(cell, 'flex-wrap content-center gap-x-1.5 overflow-hidden leading-[14px]')}
      >
        <Interfaces rule={rule} />
      </td>
      <td
        {...roles.cell}
        title={counted?.exact}
        className={cx(cell, 'justify-end pr-0 whitespace-nowrap tabular-nums', !counted && 'text-fg-3')}
      >
        {counted?.short ?? (mark === 'added' ? t('grid.newRule') : '')}
      </td>
      <td
        {...roles.cell}
        className={cx(cell, 'justify-end pl-0 text-12 whitespace-nowrap text-fg-3 tabular-nums')}
      >
        {perSecond(counted?.perSecond ?? null)}
      </td>
    </>
  );
}

/** Whole packets in a second; a rule that counts less is not at rest. */
export function perSecond(rate: number | null): string {
  if (rate === null) return '';
  if (rate > 0 && rate < 1) return '<1/s';
  const rounded = Math.round(rate);
  return `${rounded > 99_999 ? `${Math.round(rounded / 1000)}K` : rounded}/s`;
}

interface ValueProps {
  now: string | null;
  was: string | null | undefined;
  any: string;
  gone: boolean;
}

/** A value, or in small beneath it what it was. */
function Value({ now, was, any, gone }: ValueProps) {
  return (
    <td {...roles.cell} className={cx(cell, 'flex-col items-start! justify-center overflow-hidden')}>
      <Held value={now} any={any} gone={gone} />
      {was !== undefined && (
        <s className="max-w-full truncate text-11 leading-[13px] text-fg-3">
          <Held value={was} any={any} gone={false} />
        </s>
      )}
    </td>
  );
}

function Held({ value, any, gone }: { value: string | null; any: string; gone: boolean }): ReactNode {
  if (value === null) return <span className="text-fg-3">{any}</span>;
  return (
    <span
      translate="no"
      title={value}
      className={cx(
        'max-w-full truncate font-mono leading-[15px] tabular-nums',
        gone && 'line-through decoration-1',
      )}
    >
      {value}
    </span>
  );
}

function Interfaces({ rule }: { rule: Rule }) {
  const { t } = useTranslation();
  const { in: inName, out } = interfacesOf(rule);
  if (inName === null && out === null) return <span className="text-fg-3">{t('rules.all')}</span>;
  return (
    <>
      {inName !== null && (
        <span className="max-w-full truncate">
          {t('rules.in')}{' '}
          <span translate="no" className="font-mono">
            {inName}
          </span>
        </span>
      )}
      {out !== null && (
        <span className="max-w-full truncate">
          {t('rules.out')}{' '}
          <span translate="no" className="font-mono">
            {out}
          </span>
        </span>
      )}
    </>
  );
}
