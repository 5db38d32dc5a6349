import type { TrialView, Undone } from '@moru/types';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { subjectOf, type TrialSubject } from './subject.ts';

type Kind = 'saved' | 'unsaved' | 'reverted' | 'unknown';

const looks: Record<Kind, { box: string; icon: IconName }> = {
  saved: { box: 'border-good-line bg-good-tint text-good', icon: 'ok' },
  unsaved: { box: 'border-warn-line bg-warn-tint text-warn', icon: 'unknown' },
  reverted: { box: 'border-line-strong bg-surface text-fg', icon: 'undo' },
  unknown: { box: 'border-bad-line bg-bad-tint text-bad', icon: 'lost' },
};

function kindOf({ trial }: TrialView): Kind {
  if (trial?.state === 'confirmed')
    return trial.confirmed && trial.confirmed.saved.length + trial.confirmed.kept.length > 0
      ? 'saved'
      : 'unsaved';
  return trial?.state === 'reverted' ? 'reverted' : 'unknown';
}

const titleOf = (kind: Kind, subject: TrialSubject) =>
  kind === 'reverted' || kind === 'unsaved'
    ? (`outcome.${kind === 'unsaved' ? 'unsavedTitle' : kind}.${subject}` as const)
    : (`outcome.${kind}.title` as const);

interface OutcomeProps {
  view: TrialView;
  /** writes what was kept for the next boot */
  save?: ReactNode;
  onLeave: () => void;
}

/** What went with the change though somebody else had made it, to be made again where it is needed. */
function UndoneOfOthers({ undone: { changes, more } }: { undone: Undone }) {
  const { t } = useTranslation();
  return (
    <div data-testid="undone" className="grid gap-1 text-fg">
      <p>{t('outcome.undone.told', { count: changes.length + more })}</p>
      <ul className="grid max-h-60 gap-0.5 overflow-y-auto">
        {changes.map(({ family, table, kind, rule }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same rule may be there twice, and the list never changes
          <li key={index} className="flex flex-wrap gap-x-2">
            <span className="flex-none">{t(`outcome.undone.${kind}`)}</span>
            <code translate="no" className="min-w-0 font-mono text-12 break-all">
              {`${family === 'ipv4' ? 'iptables' : 'ip6tables'} -t ${table} ${rule}`}
            </code>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="text-12 text-fg-2">{t('outcome.undone.more', { count: more })}</p>}
    </div>
  );
}

/** How the trial ended, from the host's own record; it stands until it is read. */
export function Outcome({ view, save, onLeave }: OutcomeProps) {
  const { t } = useTranslation();
  const subject = subjectOf(view);
  const kind = kindOf(view);
  const look = looks[kind];
  const trial = view.trial;
  return (
    <section
      role="alert"
      data-testid="outcome"
      data-kind={kind}
      className={cx(
        'flex flex-none flex-wrap items-start gap-x-4 gap-y-2 border-b px-4 py-5 narrow:px-12',
        look.box,
      )}
    >
      <Icon name={look.icon} size={22} className="mt-0.5" />
      <div className="grid min-w-0 flex-1 basis-80 gap-1">
        <h1 className="text-21 leading-tight">{t(titleOf(kind, subject))}</h1>
        {kind === 'reverted' && trial?.reverted && (
          <p className="text-fg">
            {t(`outcome.reason.${trial.reverted.reason}`)}{' '}
            {trial.reverted.at && t('outcome.at', { time: clockTime(trial.reverted.at) })}{' '}
            {trial.reverted.by && t(`outcome.by.${trial.reverted.by}`)}
          </p>
        )}
        {kind === 'reverted' && trial?.reverted?.words && (
          <pre translate="no" className="font-mono text-12 whitespace-pre-wrap text-fg-2">
            {trial.reverted.words}
          </pre>
        )}
        {kind === 'reverted' && trial?.reverted?.undone && <UndoneOfOthers undone={trial.reverted.undone} />}
        {kind !== 'reverted' && <p className="text-fg">{t(`outcome.${kind}.${subject}`)}</p>}
        {trial?.confirmed?.trouble && <p className="text-12 text-fg-2">{trial.confirmed.trouble}</p>}
        {kind === 'unknown' && (
          <ol className="list-decimal pl-5 text-fg">
            <li>{t('outcome.unknown.wait')}</li>
            <li>
              {t('outcome.unknown.rollback')}{' '}
              <code translate="no" className="font-mono">
                moru-agent rollback
              </code>
            </li>
            <li>{t(`outcome.unknown.reboot.${subject}`)}</li>
            <li>{t('outcome.unknown.rebuild')}</li>
          </ol>
        )}
      </div>
      {kind === 'unsaved' && save}
      <Button data-testid="leave-outcome" onPress={onLeave}>
        {t(`outcome.${kind === 'reverted' ? 'again' : 'leave'}.${subject}`)}
      </Button>
    </section>
  );
}
