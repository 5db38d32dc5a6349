import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';

interface DialogProps {
  title: string;
  /** `alertdialog` for what cannot be taken back */
  role?: 'dialog' | 'alertdialog';
  testId: string;
  /** absent: only an answer closes it */
  onClose?: () => void;
  /** what must be read before an answer, beside the buttons */
  note?: ReactNode;
  /** the answers; the one that acts comes last */
  actions?: ReactNode;
  children: ReactNode;
}

/** Centred at width, a sheet from below on a narrow screen. Focus returns to where it was. */
export function Dialog({ title, role = 'dialog', testId, onClose, note, actions, children }: DialogProps) {
  const { t } = useTranslation();
  return (
    <ModalOverlay
      isOpen
      isDismissable={false}
      isKeyboardDismissDisabled={!onClose}
      onOpenChange={(open) => !open && onClose?.()}
      className="fixed inset-0 z-40 flex flex-col items-center justify-end bg-scrim narrow:justify-center narrow:p-6"
    >
      <Modal className="flex max-h-[94dvh] min-h-0 w-full flex-col narrow:max-h-full narrow:w-[600px]">
        <AriaDialog
          role={role}
          data-testid={testId}
          className="flex min-h-0 flex-col rounded-t-10 bg-raised shadow-3 outline-none narrow:rounded-10"
        >
          <header className="flex flex-none items-center py-3 pr-3 pl-4 narrow:pt-4 narrow:pr-4 narrow:pl-6">
            <Heading slot="title" className="flex-1 text-18">
              {title}
            </Heading>
            {onClose && <Button look="quiet" icon="close" aria-label={t('common.close')} onPress={onClose} />}
          </header>
          {children}
          {actions && (
            <footer className="flex flex-none flex-wrap items-center gap-2 border-t border-line bg-canvas px-4 py-3 narrow:rounded-b-10 narrow:px-6">
              {note && <div className="flex-1 basis-52 text-12 text-fg-2">{note}</div>}
              <div className="ml-auto flex gap-2">{actions}</div>
            </footer>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export function DialogBody({ children }: { children: ReactNode }) {
  return (
    <div className="grid min-h-0 flex-1 content-start gap-4 overflow-auto px-4 pt-0.5 pb-[18px] narrow:px-6">
      {children}
    </div>
  );
}
