import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { Form } from '../ui/form.tsx';

interface AdministratorProps {
  address: string | null;
  /** null: do not look */
  onChange: (address: string | null) => void;
}

/** The address that the administrator's SSH comes from; the console may see a proxy instead, so it can be changed. */
export function Administrator({ address, onChange }: AdministratorProps) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const [text, setText] = useState(address ?? '');
  if (!editing) {
    return (
      <span className="ml-1 inline-flex flex-wrap items-center gap-1.5">
        <span translate="no" className="font-mono text-12 whitespace-nowrap">
          {address ?? t('review.addressUnknown')}
        </span>
        <Button size="xs" onPress={() => setEditing(true)}>
          {t('review.changeAddress')}
        </Button>
      </span>
    );
  }
  return (
    <Form
      className="ml-1 inline-flex items-center gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        setEditing(false);
        onChange(text.trim() === '' ? null : text.trim());
      }}
    >
      <input
        // biome-ignore lint/a11y/noAutofocus: the press that opened it asked for it
        autoFocus
        aria-label={t('review.address')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="h-7 w-36 rounded-4 border border-control bg-surface px-2 font-mono text-12"
      />
      <Button size="xs" type="submit">
        {t('review.useAddress')}
      </Button>
    </Form>
  );
}
