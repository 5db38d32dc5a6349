import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody } from '../../ui/dialog.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { useTypedWord } from './typed-word.tsx';

export interface OrderFrameProps {
  title: string;
  testId: string;
  submitTestId: string;
  /** words of the button */
  submit: string;
  look: 'primary' | 'bad';
  pending: boolean;
  error: unknown;
  /** what must be typed first; absent: nothing */
  typed?: string | undefined;
  /** why it cannot be sent yet, beside what is typed */
  reason?: string | null | undefined;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog that ends in one press, for one or for many. The safe way out has the focus. */
export function OrderFrame(props: OrderFrameProps) {
  const { title, submit, look, pending, error, onSubmit, onClose } = props;
  const { t } = useTranslation();
  const word = useTypedWord(props.typed);
  return (
    <Dialog
      title={title}
      role={look === 'bad' ? 'alertdialog' : 'dialog'}
      testId={props.testId}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose} autoFocus>
            {t('common.cancel')}
          </Button>
          <Button
            look={look}
            isPending={pending}
            // what is being sent may empty the very list that it was for
            reason={pending ? null : (props.reason ?? word.missing)}
            reasonAt="above-end"
            data-testid={props.submitTestId}
            onPress={onSubmit}
          >
            {submit}
          </Button>
        </>
      }
    >
      <DialogBody>
        {props.children}
        {word.field}
        {error !== null && error !== undefined && <FailureNotice error={error} />}
      </DialogBody>
    </Dialog>
  );
}
