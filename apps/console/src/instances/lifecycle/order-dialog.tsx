import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { useTypedWord } from './typed-word.tsx';

export interface OrderDialogProps {
  title: string;
  testId: string;
  /** what it is about, as `Fact`s */
  facts: ReactNode;
  submit: string;
  look: 'primary' | 'bad';
  pending: boolean;
  error: unknown;
  /** what must be typed first; absent: nothing */
  typed?: string;
  /** why it cannot be sent yet, beside what is typed */
  reason?: string | null;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** The frame of every order: what it is about, what becomes of it, and the press. The safe way out has the focus. */
export function OrderDialog(props: OrderDialogProps) {
  const { title, testId, facts, submit, look, pending, error, typed, onSubmit, onClose } = props;
  const { t } = useTranslation();
  const word = useTypedWord(typed);
  return (
    <Dialog
      title={title}
      role={look === 'bad' ? 'alertdialog' : 'dialog'}
      testId={testId}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose} autoFocus>
            {t('common.cancel')}
          </Button>
          <Button
            look={look}
            isPending={pending}
            reasonAt="above-end"
            reason={props.reason ?? word.missing}
            data-testid="submit-order"
            onPress={onSubmit}
          >
            {submit}
          </Button>
        </>
      }
    >
      <DialogBody>
        <Facts>{facts}</Facts>
        {props.children}
        {word.field}
        {error !== null && error !== undefined && <FailureNotice error={error} />}
      </DialogBody>
    </Dialog>
  );
}
