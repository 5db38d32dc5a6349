import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslation } from 'react-i18next';
import { openWords } from '../i18n/setup.ts';
import { Icon } from '../ui/icon.tsx';
import { onDemand } from '../ui/on-demand.tsx';

const Palette = onDemand(async () => {
  const [{ Palette: component }] = await Promise.all([import('./palette.tsx'), openWords('palette')]);
  return component;
});

/** Opens the palette, by press or by Ctrl K (⌘ K); its code comes with the first use. */
export function PaletteButton() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      // by code: with Hangul on, the key is a jamo
      if (event.code !== 'KeyK' || event.altKey || event.shiftKey || event.isComposing) return;
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      // over an open dialog it would act on what lies beneath
      if (!document.querySelector('[role=dialog], [role=alertdialog]')) setOpen(true);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
  return (
    <>
      <Button
        aria-keyshortcuts="Control+K Meta+K"
        data-testid="palette-button"
        onHoverStart={Palette.preload}
        onFocus={Palette.preload}
        onPress={() => setOpen(true)}
        className="inline-flex h-10 cursor-pointer items-center gap-2 rounded-4 border border-transparent px-2.5 text-on-anvil-2 data-hovered:bg-anvil-2 narrow:h-8 narrow:border-anvil-control wide:w-64"
      >
        <Icon name="search" />
        {/* what is seen names the button, keys included; where nothing but the icon is seen, this does */}
        <span className="sr-only wide:hidden">{t('shell.palette')}</span>
        <span className="hidden flex-1 truncate text-left wide:block">{t('shell.palette')}</span>
        <kbd
          translate="no"
          className="hidden rounded-[3px] border border-anvil-control px-1.5 font-mono text-11 wide:block"
        >
          Ctrl K
        </kbd>
      </Button>
      {open && <Palette onClose={() => setOpen(false)} />}
    </>
  );
}
