import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Form } from '../../ui/form.tsx';

/** Brings a rule into view by its number. */
export function GoToNumber({ onNumber }: { onNumber: (number: number) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  return (
    <Form
      className="contents"
      onSubmit={(event) => {
        event.preventDefault();
        const number = Number(text);
        if (Number.isInteger(number) && number > 0) onNumber(number);
        setText('');
      }}
    >
      <input
        aria-label={t('grid.goTo')}
        placeholder={t('grid.number')}
        value={text}
        inputMode="numeric"
        maxLength={6}
        onChange={(event) => setText(event.target.value.replaceAll(/\D/g, ''))}
        className="h-10 w-14 rounded-4 border border-control bg-surface px-1.5 tabular-nums narrow:w-[72px] narrow:px-2 outline-none focus:border-focus focus:ring-1 focus:ring-focus narrow:h-7"
      />
    </Form>
  );
}
