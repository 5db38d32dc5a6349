import type { TableName } from '@moru/types';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { cx } from '../../ui/cx.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { placeSearch } from '../rules/place.ts';
import type { JudgedStep, JudgedWay, PacketAnswer } from './judge.ts';

type Verdict = JudgedWay['verdict'] | 'unknown';

const looks: Record<Verdict, { icon: IconName; box: string }> = {
  accept: { icon: 'accept', box: 'border-good-line bg-good-tint text-good' },
  drop: { icon: 'drop', box: 'border-bad-line bg-bad-tint text-bad' },
  reject: { icon: 'reject', box: 'border-warn-line bg-warn-tint text-warn' },
  queue: { icon: 'jump', box: 'border-info-line bg-info-tint text-info' },
  stolen: { icon: 'jump', box: 'border-info-line bg-info-tint text-info' },
  unknown: { icon: 'unknown', box: 'border-warn-line bg-warn-tint text-warn' },
};

interface PacketResultProps {
  answer: PacketAnswer | null;
  /** nobody has described a packet yet */
  isExample: boolean;
}

/** The verdict, and the way through tables and chains as a picture, each stop a link to its rule. */
export function PacketResult({ answer, isExample }: PacketResultProps) {
  const { t } = useTranslation();
  return (
    <section
      aria-label={t('packet.result')}
      aria-live="polite"
      data-testid="packet-result"
      data-verdict={answer?.ways ? answer.verdict : undefined}
      className="grid content-start gap-4 bg-canvas p-4 narrow:px-6 wide:min-h-0 wide:overflow-auto"
    >
      {answer === null && <Skeleton rows={4} />}
      {answer?.errors && <p className="text-fg-2">{t('packet.mend')}</p>}
      {answer?.ways && (
        <>
          {isExample && <p className="text-12 text-fg-2">{t('packet.ofExample')}</p>}
          <VerdictLine verdict={answer.verdict} rejectWith={answer.ways[0]?.rejectWith ?? null} />
          {answer.doubts.length > 0 && (
            <div>
              <h3 className="text-12 text-fg-3">{t('packet.doubts')}</h3>
              <ul className="grid gap-1">
                {answer.doubts.map((doubt) => (
                  <li key={`${doubt.table} ${doubt.chain} ${doubt.number}`} className="text-12 text-fg-2">
                    <StepLink step={doubt} />{' '}
                    <code translate="no" className="font-mono wrap-anywhere">
                      {doubt.text}
                    </code>{' '}
                    ({doubt.conditions.join(', ')})
                  </li>
                ))}
              </ul>
            </div>
          )}
          {!answer.complete && <p className="text-12 text-fg-2">{t('packet.incomplete')}</p>}
          <div className="grid gap-4 wide:grid-cols-2">
            {answer.ways.map((way) => (
              <WayPicture
                key={`${way.verdict} ${way.rejectWith}`}
                way={way}
                isOnly={answer.ways.length === 1}
              />
            ))}
          </div>
        </>
      )}
    </section>
  );
}

function VerdictLine({ verdict, rejectWith }: { verdict: Verdict; rejectWith: string | null }) {
  const { t } = useTranslation();
  const look = looks[verdict];
  return (
    <p
      data-testid="packet-verdict"
      className={cx('flex items-center gap-3 rounded-6 border px-4 py-3 text-18 font-semibold', look.box)}
    >
      <Icon name={look.icon} size={20} />
      {t(`packet.verdict.${verdict}`)}
      {verdict === 'reject' && rejectWith && (
        <span translate="no" className="font-mono text-12 font-normal">
          {rejectWith}
        </span>
      )}
    </p>
  );
}

/** Stops one under the other, joined by a line; where the chain changes, its name stands beside the line. */
function WayPicture({ way, isOnly }: { way: JudgedWay; isOnly: boolean }) {
  const { t } = useTranslation();
  const { steps, verdict, mishap } = way;
  const look = looks[verdict];
  return (
    <section aria-label={t('packet.way')} data-testid="packet-way" data-verdict={verdict}>
      {!isOnly && (
        <h3 className="mb-1 text-12 text-fg-3">
          {t('packet.wayTo', { end: t(`packet.verdict.${verdict}`) })}
        </h3>
      )}
      <ol className="grid">
        <Stop icon="dot" isFirst>
          <span className="text-fg-2">{t('packet.arrives')}</span>
        </Stop>
        {steps.map((step, index) => {
          const before = steps[index - 1];
          const entered = !before || before.chain !== step.chain || before.table !== step.table;
          const decides = index === steps.length - 1;
          return (
            <Stop
              key={`${step.table} ${step.chain} ${step.number} ${step.kind}`}
              icon={decides ? look.icon : step.then === 'jump' || step.then === 'goto' ? 'jump' : 'dot'}
              decides={decides ? look.box : null}
            >
              {entered && (
                <span translate="no" className="block text-12 text-fg-3">
                  {step.table} · {step.chain}
                </span>
              )}
              <StepWords step={step} />
            </Stop>
          );
        })}
        <Stop icon={look.icon} isLast>
          <b>{t(`packet.verdict.${verdict}`)}</b>
          {mishap && <span className="text-12 text-fg-2"> {t(`packet.mishap.${mishap}`)}</span>}
        </Stop>
      </ol>
    </section>
  );
}

interface StopProps {
  icon: IconName | 'dot';
  isFirst?: boolean;
  isLast?: boolean;
  /** colours of the stop that decides */
  decides?: string | null;
  children: React.ReactNode;
}

function Stop({ icon, isFirst = false, isLast = false, decides = null, children }: StopProps) {
  return (
    <li className="grid grid-cols-[28px_minmax(0,1fr)] gap-2">
      <span aria-hidden="true" className="relative grid justify-items-center">
        <span
          className={cx(
            'absolute w-0.5 bg-info',
            isFirst ? 'top-4 bottom-0' : isLast ? 'top-0 h-4' : 'inset-y-0',
          )}
        />
        <span className="relative mt-2 grid size-5 place-items-center rounded-full border border-line-strong bg-surface">
          {icon === 'dot' ? <span className="size-2 rounded-full bg-info" /> : <Icon name={icon} size={12} />}
        </span>
      </span>
      <div
        className={cx(
          'my-1 min-w-0 rounded-4 px-2.5 py-1.5',
          decides ? cx('border', decides) : 'border border-transparent',
        )}
      >
        {children}
      </div>
    </li>
  );
}

function StepWords({ step }: { step: JudgedStep }) {
  const { t } = useTranslation();
  if (step.kind === 'policy') {
    return <span className="text-fg">{t('packet.policy', { policy: step.then.toUpperCase() })}</span>;
  }
  if (step.kind === 'end') return <span className="text-fg-2">{t('packet.end')}</span>;
  return (
    <span className="grid gap-0.5 text-fg">
      <StepLink step={step} />
      <code translate="no" className="font-mono text-12 wrap-anywhere">
        {step.text}
      </code>
    </span>
  );
}

function StepLink({ step }: { step: { table: string; chain: string; number: number } }) {
  const { t } = useTranslation();
  const { instanceId } = useParams({ from: '/shell/instances/$instanceId' });
  const place = { family: 'ipv4' as const, table: step.table as TableName, chain: step.chain };
  return (
    <Link
      to="/instances/$instanceId/firewall"
      params={{ instanceId }}
      search={{ ...placeSearch(place), rule: step.number }}
      className="text-link"
    >
      {t('packet.rule', { chain: step.chain, number: step.number })}
    </Link>
  );
}
