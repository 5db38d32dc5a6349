import { descriptionSchema } from '@moru/types';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogBody } from '../ui/dialog.tsx';
import { Facts } from '../ui/facts.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { Form } from '../ui/form.tsx';
import { TextField } from '../ui/text-field.tsx';

interface DescriptionDialogProps {
  title: string;
  testId: string;
  /** what it is about, as `Fact`s */
  facts?: ReactNode;
  /** what stands in the field at first */
  description?: string;
  hint?: string;
  /** beside the buttons */
  note?: ReactNode;
  submit: string;
  pending: boolean;
  error: unknown;
  onSubmit: (description: string) => void;
  onClose: () => void;
}

/** A dialog whose one field is the description of an address. */
export function DescriptionDialog(props: DescriptionDialogProps) {
  const { title, testId, facts, description = '', hint, note, submit, pending, error } = props;
  const { t } = useTranslation();
  const [text, setText] = useState(description);
  const isValid = descriptionSchema.safeParse(text.trim()).success;
  return (
    <Dialog
      title={title}
      testId={testId}
      onClose={props.onClose}
      note={note}
      actions={
        <>
          <Button onPress={props.onClose}>{t('common.cancel')}</Button>
          <Button
            look="primary"
            type="submit"
            form="description-form"
            isPending={pending}
            reasonAt="above-end"
            reason={isValid ? null : t('publicIp.descriptionRule')}
          >
            {submit}
          </Button>
        </>
      }
    >
      <DialogBody>
        {facts && <Facts>{facts}</Facts>}
        <Form
          id="description-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (isValid && !pending) props.onSubmit(text.trim());
          }}
        >
          <TextField
            autoFocus
            label={t('publicIps.description')}
            value={text}
            onChange={setText}
            maxLength={100}
            {...(hint ? { hint } : {})}
            error={isValid ? undefined : t('publicIp.descriptionRule')}
          />
        </Form>
        {error !== null && error !== undefined && <FailureNotice error={error} />}
      </DialogBody>
    </Dialog>
  );
}
