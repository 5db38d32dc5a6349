import { trialWait } from '@moru/types';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';

const waits = [trialWait.min, 60, trialWait.default, 180, 300, trialWait.max];

interface TrialSettingsProps {
  /** seconds until it is reverted */
  wait: number;
  onWait: (seconds: number) => void;
  note: string;
  onNote: (note: string) => void;
  /** what becomes of it at the next boot */
  children: ReactNode;
}

/** How long a change is tried, why, and what is written once it is kept. */
export function TrialSettings({ wait, onWait, note, onNote, children }: TrialSettingsProps) {
  const { t } = useTranslation();
  return (
    <section
      aria-label={t('review.trial')}
      className="grid gap-3 rounded-6 border border-line bg-surface px-4 py-3.5"
    >
      <h2 className="text-14">{t('review.trial')}</h2>
      <div className="grid gap-1">
        <span className="text-12 text-fg-2">{t('review.wait')}</span>
        <div className="flex items-center gap-2">
          <div className="w-28">
            <Select
              label={t('review.wait')}
              options={waits.map((seconds) => ({
                id: String(seconds),
                label: t('review.seconds', { seconds }),
              }))}
              value={String(wait)}
              onChange={(id) => onWait(Number(id))}
            />
          </div>
          <span className="text-12 text-fg-2">{t('review.waitNote')}</span>
        </div>
      </div>
      <TextField
        label={t('review.note')}
        value={note}
        onChange={onNote}
        maxLength={500}
        hint={t('review.noteHint')}
      />
      {children}
    </section>
  );
}
