import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useTranslation } from 'react-i18next';
import { cx } from '../ui/cx.ts';
import { Icon } from '../ui/icon.tsx';
import { findEntries, type PaletteEntry } from './entries.ts';
import { useEntries } from './use-entries.ts';

const groups = ['pages', 'instances', 'actions'] as const;

/** 이동하거나 실행할 것 찾기: a field, and beneath it what it finds; arrows choose and Enter goes. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const found = findEntries(useEntries(typed), typed);
  const chosen = Math.min(at, found.length - 1);
  const optionId = (index: number) => `${id}-${index}`;
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  });
  const run = (entry: PaletteEntry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const { isComposing, keyCode } = event.nativeEvent;
    // Enter and arrows belong to the syllable that is being composed
    if (isComposing || keyCode === 229) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((chosen + step + found.length) % Math.max(found.length, 1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(found[chosen]);
    }
  };
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && onClose()}
      className="fixed inset-0 z-40 flex justify-center bg-scrim p-3 narrow:p-6 narrow:pt-[12vh]"
    >
      <Modal className="h-fit max-h-full w-full narrow:w-[600px]">
        <Dialog
          aria-label={t('shell.palette')}
          data-testid="palette"
          className="flex max-h-[70dvh] flex-col overflow-hidden rounded-10 bg-raised shadow-3 outline-none"
        >
          <div className="flex flex-none items-center gap-2.5 border-b border-line px-4">
            <Icon name="search" className="text-fg-3" />
            <input
              autoFocus
              role="combobox"
              aria-label={t('shell.palette')}
              aria-expanded="true"
              aria-controls={`${id}-list`}
              aria-autocomplete="list"
              {...(found.length > 0 ? { 'aria-activedescendant': optionId(chosen) } : {})}
              value={typed}
              placeholder={t('palette.placeholder')}
              autoComplete="off"
              spellCheck="false"
              onChange={(event) => {
                setTyped(event.target.value);
                setAt(0);
              }}
              onKeyDown={onKeyDown}
              className="h-12 min-w-0 flex-1 bg-transparent text-14 outline-none"
            />
          </div>
          <div
            ref={list}
            id={`${id}-list`}
            role="listbox"
            aria-label={t('palette.found')}
            tabIndex={-1}
            className="min-h-0 flex-1 overflow-auto p-1.5"
          >
            {groups.map((group) => {
              const entries = found.filter((entry) => entry.group === group);
              if (entries.length === 0) return null;
              return (
                // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields
                <div key={group} role="group" aria-label={t(`palette.${group}`)}>
                  <p aria-hidden="true" className="px-2.5 pt-2 pb-1 text-11 font-semibold text-fg-3">
                    {t(`palette.${group}`)}
                  </p>
                  {entries.map((entry) => {
                    const index = found.indexOf(entry);
                    return (
                      // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
                      <div
                        key={entry.id}
                        id={optionId(index)}
                        role="option"
                        tabIndex={-1}
                        aria-selected={index === chosen}
                        data-testid="palette-entry"
                        onClick={() => run(entry)}
                        onPointerMove={() => setAt(index)}
                        className={cx(
                          'flex min-h-10 cursor-pointer items-center gap-2 rounded-4 px-2.5 narrow:min-h-8',
                          index === chosen && 'bg-selected',
                        )}
                      >
                        <span>{entry.label}</span>
                        {entry.detail && <span className="text-fg-2">{entry.detail}</span>}
                      </div>
                    );
                  })}
                </div>
              );
            })}
          </div>
          {found.length === 0 && (
            <p role="status" className="px-4 py-6 text-center text-fg-2">
              {t('palette.nothing')}
            </p>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
