import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody } from '../../ui/dialog.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Losses } from '../lifecycle/losses.tsx';
import { useTypedWord } from '../lifecycle/typed-word.tsx';

interface BulkFrameProps {
  title: string;
  look: 'primary' | 'bad';
  /** what becomes of them */
  losses: string[];
  able: readonly { id: string; row: ReactNode }[];
  unable: readonly { id: string; name: string; reason: string }[];
  /** what must be typed first; absent: nothing */
  typed?: string;
  submit: string;
  pending: boolean;
  error: unknown;
  onSubmit: () => void;
  onClose: () => void;
}

/** Which of the chosen an order is for, which not and why, and what becomes of them. The safe way out has the focus. */
export function BulkFrame(props: BulkFrameProps) {
  const { title, look, losses, able, unable, submit, pending, error, onSubmit, onClose } = props;
  const { t } = useTranslation();
  const word = useTypedWord(props.typed);
  const count = (total: number) => <span className="tabular-nums">{t('common.count', { total })}</span>;
  return (
    <Dialog
      title={title}
      role={look === 'bad' ? 'alertdialog' : 'dialog'}
      testId="bulk-dialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose} autoFocus>
            {t('common.cancel')}
          </Button>
          <Button
            look={look}
            isPending={pending}
            reason={pending ? null : able.length === 0 ? t('bulk.none') : word.missing}
            reasonAt="above-end"
            data-testid="submit-bulk"
            onPress={onSubmit}
          >
            {submit}
          </Button>
        </>
      }
    >
      <DialogBody>
        <Losses lines={losses} />
        <section aria-label={t('bulk.able')} data-testid="bulk-able">
          <h3 className="mb-1 text-12 text-fg-2">
            {t('bulk.able')} {count(able.length)}
          </h3>
          <ul className="max-h-40 overflow-y-auto rounded-6 border border-line bg-canvas px-3.5 py-2">
            {able.map(({ id, row }) => (
              <li key={id}>{row}</li>
            ))}
            {able.length === 0 && <li className="text-fg-3">{t('common.none')}</li>}
          </ul>
        </section>
        {unable.length > 0 && (
          <section aria-label={t('bulk.unable')} data-testid="bulk-unable">
            <h3 className="mb-1 text-12 text-fg-2">
              {t('bulk.unable')} {count(unable.length)}
            </h3>
            <ul className="max-h-40 overflow-y-auto rounded-6 border border-line px-3.5 py-2">
              {unable.map(({ id, name, reason }) => (
                <li key={id} className="flex flex-wrap gap-x-2">
                  <span>{name}</span>
                  <span className="text-fg-2">{reason}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
        {word.field}
        {error !== null && error !== undefined && <FailureNotice error={error} />}
      </DialogBody>
    </Dialog>
  );
}
