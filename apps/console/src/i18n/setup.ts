import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../shell/preferences.ts';
import type { Messages } from './messages.ts';

// one language travels to the browser; the other one only when it is chosen
const load: Record<Language, () => Promise<Messages>> = {
  ko: () => import('./ko.ts').then((module) => module.ko),
  en: () => import('./en.ts').then((module) => module.en),
};

/** Loads the words of `language` and makes it the current one. */
export async function switchWords(language: Language): Promise<void> {
  const translation = await load[language]();
  if (!i18next.isInitialized) {
    await i18next.use(initReactI18next).init({
      lng: language,
      fallbackLng: false,
      resources: { [language]: { translation } },
      // React escapes what it renders
      interpolation: { escapeValue: false },
    });
    return;
  }
  i18next.addResourceBundle(language, 'translation', translation);
  await i18next.changeLanguage(language);
}
