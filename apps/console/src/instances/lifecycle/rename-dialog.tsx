import { type Instance, instanceNameSchema } from '@moru/types';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody } from '../../ui/dialog.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Form } from '../../ui/form.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { showToast } from '../../ui/toast.ts';
import { lifecycle } from './lifecycle-requests.ts';

/** The name and the description in the console; the host keeps its own name. */
export function RenameDialog({ instance, onClose }: { instance: Instance; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState(instance.name);
  const [description, setDescription] = useState(instance.description ?? '');
  const valid = instanceNameSchema.safeParse(name.trim()).success;
  const rename = useMutation({
    mutationFn: () => lifecycle.update(instance.id, { name: name.trim(), description: description.trim() }),
    onSuccess: () => {
      showToast({ title: t('lifecycle.renamed'), code: name.trim() });
      onClose();
    },
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ['instances'] });
      void queries.invalidateQueries({ queryKey: ['instance', instance.id] });
    },
  });
  return (
    <Dialog
      title={t('lifecycle.title.rename')}
      testId="rename-dialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button
            look="primary"
            type="submit"
            form="rename-form"
            isPending={rename.isPending}
            reasonAt="above-end"
            reason={valid ? null : t('lifecycle.nameRule')}
          >
            {t('lifecycle.save')}
          </Button>
        </>
      }
    >
      <DialogBody>
        <Form
          id="rename-form"
          className="grid gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (valid && !rename.isPending) rename.mutate();
          }}
        >
          <TextField
            autoFocus
            label={t('instances.name')}
            value={name}
            onChange={setName}
            maxLength={63}
            spellCheck="false"
            hint={t('lifecycle.nameHint')}
            error={valid ? undefined : t('lifecycle.nameRule')}
          />
          <TextField
            label={t('publicIps.description')}
            value={description}
            onChange={setDescription}
            maxLength={100}
          />
        </Form>
        {rename.error && <FailureNotice error={rename.error} />}
      </DialogBody>
    </Dialog>
  );
}
