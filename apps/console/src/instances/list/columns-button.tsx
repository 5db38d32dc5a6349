import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { openWords } from '../../i18n/setup.ts';
import { Button } from '../../ui/button.tsx';
import { onDemand } from '../../ui/on-demand.tsx';
import type { ListPreference } from './use-list-preference.ts';

const ColumnsPopover = onDemand(async () => {
  const [module] = await Promise.all([import('./columns-popover.tsx'), openWords('list')]);
  return module.ColumnsPopover;
});

/** Opens the choice of columns; rows that stand as cards have none. */
export function ColumnsButton({ preference }: { preference: ListPreference }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <Button
        ref={button}
        icon="columns"
        aria-haspopup="dialog"
        aria-expanded={open}
        data-testid="columns"
        className="max-narrow:hidden"
        onHoverStart={ColumnsPopover.preload}
        onFocus={ColumnsPopover.preload}
        onPress={() => setOpen(true)}
      >
        {t('instances.columns')}
      </Button>
      {open && <ColumnsPopover preference={preference} triggerRef={button} onClose={() => setOpen(false)} />}
    </>
  );
}
