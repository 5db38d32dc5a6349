import type { Instance, Probe, TrialProbes } from '@moru/types';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime } from '../i18n/format.ts';
import { useSsh } from '../instances/use-ssh.ts';
import { State } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';

interface ProbeRowsProps {
  probes: TrialProbes | null;
  instance: Instance;
  answer: 'yes' | 'no' | null;
  onAnswer: (answer: 'yes' | 'no') => void;
}

/** The three ways in, each over a new connection; the third one only the administrator can try. */
export function ProbeRows({ probes, instance, answer, onAnswer }: ProbeRowsProps) {
  const { t } = useTranslation();
  const ssh = useSsh()(instance);
  return (
    <section aria-label={t('trial.probes')} className="rounded-6 border border-line bg-surface">
      <header className="flex min-h-10 flex-wrap items-center gap-2 border-b border-line px-4">
        <h2 className="text-14">{t('trial.probes')}</h2>
        <span className="text-12 text-fg-3">{t('trial.probesNote')}</span>
      </header>
      <ol>
        <Row number={1} name={t('access.consoleAgent')} testId="probe-agent">
          <ProbeState probe={probes?.agent ?? null} />
        </Row>
        <Row number={2} name={t('access.consoleSsh')} testId="probe-ssh">
          <ProbeState probe={probes?.ssh ?? null} />
        </Row>
        <Row number={3} name={t('access.administratorSsh')} testId="probe-own">
          {answer === null ? (
            <State kind="unknown" strong>
              {t('trial.tryYourself')}
            </State>
          ) : (
            <State kind={answer === 'yes' ? 'good' : 'lost'} strong>
              {t(answer === 'yes' ? 'trial.passed' : 'trial.failed')}
            </State>
          )}
          <span>{t('trial.newTerminal')}</span>
          {ssh && (
            <span className="inline-flex items-center gap-1 rounded-4 border border-line-strong px-2 py-1">
              <code translate="no" className="font-mono text-12">
                {ssh.command}
              </code>
              <CopyButton text={ssh.command} label={t('menu.sshCommand')} />
            </span>
          )}
          <span className="min-w-0 flex-1 basis-72 text-12 text-fg-2">
            {t('trial.oldWindow')} {ssh?.notes.join(' ')}
          </span>
          <span className="ml-auto flex gap-2">
            <Button
              size="sm"
              aria-pressed={answer === 'yes'}
              onPress={() => onAnswer('yes')}
              data-testid="own-yes"
            >
              {t('trial.itOpened')}
            </Button>
            <Button
              size="sm"
              aria-pressed={answer === 'no'}
              onPress={() => onAnswer('no')}
              data-testid="own-no"
            >
              {t('trial.itDidNot')}
            </Button>
          </span>
        </Row>
      </ol>
    </section>
  );
}

function Row({
  number,
  name,
  testId,
  children,
}: {
  number: number;
  name: string;
  testId: string;
  children: ReactNode;
}) {
  return (
    <li
      data-testid={testId}
      className="flex min-h-[54px] flex-wrap items-center gap-x-4 gap-y-1.5 border-b border-line px-4 py-2 last:border-0"
    >
      <span className="grid size-6 place-items-center rounded-full border border-line-strong text-12 font-semibold text-fg-2">
        {number}
      </span>
      <b className="w-44">{name}</b>
      {children}
    </li>
  );
}

function ProbeState({ probe }: { probe: Probe | null }) {
  const { t } = useTranslation();
  if (!probe) {
    return <State kind="changing">{t('trial.trying')}</State>;
  }
  return (
    <>
      <State kind={probe.state === 'passed' ? 'good' : probe.state === 'failed' ? 'lost' : 'off'} strong>
        {t(
          probe.state === 'passed'
            ? 'trial.passed'
            : probe.state === 'failed'
              ? 'trial.failed'
              : 'trial.nothingToTry',
        )}
      </State>
      <span className="text-12 text-fg-2 tabular-nums">{clockTime(probe.at)}</span>
      <span className="text-12 text-fg-2">
        {probe.state === 'passed' ? t('trial.tookMs', { ms: probe.ms }) : probe.reason}
      </span>
    </>
  );
}
