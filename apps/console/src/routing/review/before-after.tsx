import { useTranslation } from 'react-i18next';
import { cx } from '../../ui/cx.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { Section } from '../../ui/section.tsx';
import { type NetRouteRow, parseNetRoute } from '../net-route.ts';

interface BeforeAfterProps {
  /** `route -n` as it is */
  before: string;
  /** and as it would be */
  after: string;
}

/** `route -n` before and after, side by side; what goes is struck through, what comes is marked. */
export function BeforeAfter({ before, after }: BeforeAfterProps) {
  const { t } = useTranslation();
  const [now, then] = [parseNetRoute(before), parseNetRoute(after)];
  const has = (rows: readonly NetRouteRow[], row: NetRouteRow) =>
    rows.some((other) => keyOf(other) === keyOf(row));
  return (
    <Section title={t('routesReview.table')} testId="before-after">
      <div className="grid gap-4 px-4 py-3 wide:grid-cols-2">
        <Lines name={t('routesReview.before')} rows={now} isOdd={(row) => !has(then, row)} mark="−" />
        <Lines name={t('routesReview.after')} rows={then} isOdd={(row) => !has(now, row)} mark="+" />
      </div>
    </Section>
  );
}

const keyOf = ({ destination, gateway, genmask, metric, iface }: NetRouteRow) =>
  [destination, gateway, genmask, metric, iface].join(' ');

interface LinesProps {
  name: string;
  rows: readonly NetRouteRow[];
  isOdd: (row: NetRouteRow) => boolean;
  mark: '+' | '−';
}

function Lines({ name, rows, isOdd, mark }: LinesProps) {
  return (
    <div className="min-w-0">
      <h3 className="pb-1 text-12 text-fg-3">{name}</h3>
      <ScrollRegion label={name} className="border border-line bg-canvas">
        <table
          translate="no"
          className="w-full font-mono text-12 [&_td]:px-2 [&_td]:py-0.5 [&_td]:whitespace-nowrap"
        >
          <tbody>
            {rows.map((row) => {
              const odd = isOdd(row);
              return (
                <tr
                  key={keyOf(row)}
                  className={cx(odd && (mark === '−' ? 'bg-bad-tint text-bad' : 'bg-good-tint text-good'))}
                >
                  <td className="w-4">{odd ? mark : ''}</td>
                  <td className={cx(odd && mark === '−' && 'line-through')}>{row.destination}</td>
                  <td className={cx(odd && mark === '−' && 'line-through')}>{row.gateway}</td>
                  <td>{row.genmask}</td>
                  <td>{row.metric}</td>
                  <td>{row.iface}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollRegion>
    </div>
  );
}
