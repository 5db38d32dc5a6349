import { validateChainName } from '@moru/netfilter';
import type { TableName } from '@moru/types';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody } from '../../ui/dialog.tsx';
import { Form } from '../../ui/form.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { tableOf } from '../drafts/draft-rules.ts';
import { useEditor } from '../editor.tsx';
import { useFieldWords } from '../words/field-words.ts';

export type ChainDialog = 'newChain';

interface ChainDialogsProps {
  dialog: ChainDialog;
  table: TableName;
  chain: string;
  onClose: () => void;
}

const formId = 'new-chain';

/** `-N`: a chain of the administrator's own. */
export function ChainDialogs({ table, onClose }: ChainDialogsProps) {
  const { t } = useTranslation();
  const words = useFieldWords();
  const { session, actions } = useEditor();
  const [name, setName] = useState('');
  const [touched, setTouched] = useState(false);
  const names = tableOf(session.draft.rules, table)?.chains.map((chain) => chain.name) ?? [];
  const text = name.trim();
  const wrong = names.includes(text)
    ? { code: 'chain.exists' as const, params: { chain: text } }
    : validateChainName(text, table).find(({ severity }) => severity === 'error');
  return (
    <Dialog
      title={t('chainMenu.new')}
      testId="new-chain-dialog"
      onClose={onClose}
      note={t('form.notYet')}
      actions={
        <>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" form={formId}>
            {t('form.submit')}
          </Button>
        </>
      }
    >
      <DialogBody>
        <Form
          id={formId}
          onSubmit={(event) => {
            event.preventDefault();
            setTouched(true);
            if (wrong) return;
            actions.add([{ table, chain: text, type: 'newChain' }]);
            onClose();
          }}
        >
          <TextField
            mono
            autoFocus
            label={t('chainMenu.name', { table })}
            value={name}
            onChange={setName}
            autoComplete="off"
            spellCheck="false"
            error={touched && wrong ? words(wrong.code, wrong.params) : undefined}
          />
        </Form>
      </DialogBody>
    </Dialog>
  );
}
