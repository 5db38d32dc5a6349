import type { Instance } from '@moru/types';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Address } from '../../ui/address.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody } from '../../ui/dialog.tsx';
import { Fact, Facts } from '../../ui/facts.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { InstanceStatus } from '../instance-status.tsx';

interface LifecycleDialogProps {
  title: string;
  testId: string;
  instance: Instance;
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

/** The frame of every order: which instance, what becomes of it, and the press. The safe way out has the focus. */
export function LifecycleDialog(props: LifecycleDialogProps) {
  const { title, testId, instance, submit, look, pending, error, typed, onSubmit, onClose } = props;
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const same = typed === undefined || text.trim().normalize('NFC') === typed.normalize('NFC');
  const privateIp = instance.networkInterfaces[0]?.privateIp;
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
            reason={props.reason ?? (same ? null : t('lifecycle.typeFirst', { text: typed ?? '' }))}
            data-testid="submit-order"
            onPress={onSubmit}
          >
            {submit}
          </Button>
        </>
      }
    >
      <DialogBody>
        <Facts>
          <Fact label={t('instances.title')}>
            <b>{instance.name}</b>
          </Fact>
          <Fact label={t('instances.status')}>
            <InstanceStatus instance={instance} />
          </Fact>
          <Fact label={t('instances.privateIp')}>
            {privateIp ? <Address>{privateIp}</Address> : t('common.none')}
          </Fact>
          <Fact label={t('instances.id')}>
            <Address className="truncate">{instance.id}</Address>
          </Fact>
        </Facts>
        {props.children}
        {typed !== undefined && (
          <TextField
            label={t('lifecycle.type', { text: typed })}
            value={text}
            onChange={setText}
            autoComplete="off"
            spellCheck="false"
          />
        )}
        {error !== null && error !== undefined && <FailureNotice error={error} />}
      </DialogBody>
    </Dialog>
  );
}
