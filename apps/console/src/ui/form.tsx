import type { FormEvent, KeyboardEvent, ReactNode } from 'react';

interface FormProps {
  id?: string;
  testId?: string;
  className?: string;
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  children: ReactNode;
}

/** A form in which Enter ends a Hangul syllable without sending anything. */
export function Form({ id, testId, className, onSubmit, children }: FormProps) {
  return (
    <form
      noValidate
      id={id}
      className={className}
      data-testid={testId}
      onSubmit={onSubmit}
      onKeyDownCapture={keepComposition}
    >
      {children}
    </form>
  );
}

// keyCode 229: Safari sends this keydown after the composition has ended
function keepComposition(event: KeyboardEvent): void {
  const { isComposing, keyCode } = event.nativeEvent;
  if (event.key === 'Enter' && (isComposing || keyCode === 229)) event.preventDefault();
}
