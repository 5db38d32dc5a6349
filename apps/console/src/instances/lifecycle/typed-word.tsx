import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TextField } from '../../ui/text-field.tsx';

interface TypedWord {
  /** where it is typed */
  field: ReactNode;
  /** why the button is closed until it is; null once it is, or where nothing has to be */
  missing: string | null;
}

/** The word that is typed before what cannot be taken back; `undefined` asks for none. */
export function useTypedWord(word: string | undefined): TypedWord {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  if (word === undefined) return { field: null, missing: null };
  // a Korean keyboard may send its syllables in parts
  const same = text.trim().normalize('NFC') === word.normalize('NFC');
  return {
    field: (
      <TextField
        label={t('lifecycle.type', { text: word })}
        value={text}
        onChange={setText}
        autoComplete="off"
        spellCheck="false"
      />
    ),
    missing: same ? null : t('lifecycle.typeFirst', { text: word }),
  };
}
