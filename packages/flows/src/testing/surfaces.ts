import type { BrowserContext, Page } from '@playwright/test';

interface Watched {
  surfacesNow?: () => string[];
  surfaceOpened?: (surface: string) => Promise<void>;
}

/**
 * Tells every surface that opens in a browser, once. A surface is what a person has before them, by kind and without
 * ids: the page, dialogs, menus, lists of choices. Every kind that any flow opens is to be looked at with axe by some
 * flow: each notes both (fixtures.ts), `npm test` compares the notes (tools/lib/reports.js).
 */
export async function watchSurfaces(context: BrowserContext, opened: Set<string>): Promise<void> {
  await context.exposeFunction('surfaceOpened', (surface: string) => void opened.add(surface));
  await context.addInitScript(() => {
    const page: Watched & Window = window;
    page.surfacesNow = () => {
      const path = location.pathname.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID');
      const layers = document.querySelectorAll(
        '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]',
      );
      const named = [...layers].flatMap((layer) => {
        if (!layer.checkVisibility()) return [];
        const entry = layer.querySelector('[role^=menuitem], [role=option]');
        const name = layer.getAttribute('data-testid') ?? entry?.getAttribute('data-testid') ?? '';
        const role = layer.getAttribute('role')?.replace('alert', '') ?? '';
        // a popover around a menu is a dialog of no name
        return name || role === 'listbox' ? [`${role} ${name}`.trim()] : [];
      });
      // before its heading is there, a page may yet lead to another; axe sees nothing of one that a dialog covers
      const heading = document.querySelector('h1');
      const isOpen = heading && !heading.closest('[inert], [aria-hidden=true]');
      return isOpen ? [`page ${path}`, ...named] : named;
    };
    const told = new Set<string>();
    const look = () => {
      for (const surface of page.surfacesNow?.() ?? []) {
        if (told.has(surface)) continue;
        told.add(surface);
        void page.surfaceOpened?.(surface);
      }
    };
    // once all of one change is there
    let waiting = false;
    new MutationObserver(() => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        look();
      });
    }).observe(document, { childList: true, subtree: true });
  });
}

/** What is open now, by the same names. */
export function surfacesOf(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as Watched & Window).surfacesNow?.() ?? []);
}
