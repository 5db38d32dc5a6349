import { useTranslation } from 'react-i18next';
import { cx } from '../../ui/cx.ts';
import { Icon } from '../../ui/icon.tsx';
import type { DraftChain } from '../drafts/draft-rules.ts';
import type { Counted } from './counters.ts';
import { DraftMark } from './draft-mark.tsx';
import { counterColumns, roles } from './grid-columns.ts';
import { perSecond } from './rule-cells.tsx';
import { TargetName } from './target.tsx';

interface PolicyRowProps {
  chain: DraftChain;
  /** the policy that the host has, where the draft changes it */
  was: string | null;
  counted: Counted | null;
  columns: boolean;
}

/** What becomes of packets that no rule took: the policy, or the way back to where the chain was called. */
export function PolicyRow({ chain, was, counted, columns }: PolicyRowProps) {
  const { t } = useTranslation();
  return (
    <tfoot {...roles.group} className="block">
      <tr
        {...roles.row}
        data-testid="policy-row"
        className="flex min-h-9 flex-wrap items-center gap-2 border-b border-line-strong bg-canvas py-1 pr-3 pl-7 narrow:pr-0 font-semibold"
      >
        <td {...roles.cell} className="flex flex-wrap items-center gap-2">
          {columns && chain.policy ? (
            <span translate="no" className="font-mono text-12 font-normal">
              {`(policy ${chain.policy} ${counted?.short ?? 0} packets, ${counted?.shortBytes ?? 0} bytes)`}
            </span>
          ) : (
            <>
              {t('rules.otherwise')} <Icon name="arrow" />
              {was && (
                <s className="font-normal text-fg-3">
                  <TargetName name={was} />
                </s>
              )}
              {chain.policy ? (
                <>
                  <TargetName name={chain.policy} />
                  <span className="font-normal text-fg-3">{t('rules.byPolicy')}</span>
                </>
              ) : (
                <span className="font-normal">{t('rules.backToCaller')}</span>
              )}
              {was && <DraftMark mark="edited" />}
            </>
          )}
        </td>
        {chain.policy && !columns && (
          <td
            {...roles.cell}
            className={cx(
              'ml-auto grid items-baseline text-right tabular-nums max-narrow:hidden',
              counterColumns,
            )}
            title={counted?.exact}
          >
            {counted?.short}
            <span className="text-12 font-normal text-fg-3">{perSecond(counted?.perSecond ?? null)}</span>
          </td>
        )}
      </tr>
    </tfoot>
  );
}
