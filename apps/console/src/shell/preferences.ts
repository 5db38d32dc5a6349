import { useSyncExternalStore } from 'react';

export type Language = 'ko' | 'en';
export type Theme = 'system' | 'light' | 'dark';

// public/preferences.js reads the same keys before the first paint
const keys = { language: 'moru.language', theme: 'moru.theme', navigation: 'moru.navigation' } as const;

type Key = keyof typeof keys;

const listeners = new Set<() => void>();
const systemDark = matchMedia('(prefers-color-scheme: dark)');

function read(key: Key): string | null {
  try {
    return localStorage.getItem(keys[key]);
  } catch {
    // storage may be switched off: the choice then lasts until the page is left
    return null;
  }
}

function write(key: Key, value: string): void {
  try {
    localStorage.setItem(keys[key], value);
  } catch {
    // see read()
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function language(): Language {
  return document.documentElement.lang === 'en' ? 'en' : 'ko';
}

export function storeLanguage(value: Language): void {
  document.documentElement.lang = value;
  write('language', value);
}

export function theme(): Theme {
  const value = read('theme');
  return value === 'light' || value === 'dark' ? value : 'system';
}

function paintTheme(value: Theme): void {
  const shown = value === 'system' ? (systemDark.matches ? 'dark' : 'light') : value;
  document.documentElement.dataset.theme = shown;
}

export function storeTheme(value: Theme): void {
  paintTheme(value);
  write('theme', value);
}

systemDark.addEventListener('change', () => paintTheme(theme()));

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, theme);
}

/** On the pages that fold the navigation by themselves: whether it was unfolded by hand. */
export function useNavigationUnfolded(): [boolean, (unfolded: boolean) => void] {
  const unfolded = useSyncExternalStore(subscribe, () => read('navigation') === 'unfolded');
  return [unfolded, (value) => write('navigation', value ? 'unfolded' : 'folded')];
}
