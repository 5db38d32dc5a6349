import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { language as chosenLanguage, type Language } from '../shell/preferences.ts';
import type { Messages } from './messages.ts';

type Load = Record<Language, () => Promise<object>>;

// one language travels to the browser, the other one only when it is chosen; words of a part come with that part
const parts = {
  base: {
    ko: () => import('./ko.ts').then((module) => module.ko),
    en: () => import('./en.ts').then((module) => module.en),
  },
  firewall: {
    ko: () => import('./firewall.ko.ts').then((module) => module.firewallKo),
    en: () => import('./firewall.en.ts').then((module) => module.firewallEn),
  },
  activity: {
    ko: () => import('./activity.ko.ts').then((module) => module.activityKo),
    en: () => import('./activity.en.ts').then((module) => module.activityEn),
  },
  hosts: {
    ko: () => import('./hosts.ko.ts').then((module) => module.hostsKo),
    en: () => import('./hosts.en.ts').then((module) => module.hostsEn),
  },
  reference: {
    ko: () => import('./reference.ko.ts').then((module) => module.referenceKo),
    en: () => import('./reference.en.ts').then((module) => module.referenceEn),
  },
  sessions: {
    ko: () => import('./sessions.ko.ts').then((module) => module.sessionsKo),
    en: () => import('./sessions.en.ts').then((module) => module.sessionsEn),
  },
  lifecycle: {
    ko: () => import('./lifecycle.ko.ts').then((module) => module.lifecycleKo),
    en: () => import('./lifecycle.en.ts').then((module) => module.lifecycleEn),
  },
  instance: {
    ko: () => import('./instance.ko.ts').then((module) => module.instanceKo),
    en: () => import('./instance.en.ts').then((module) => module.instanceEn),
  },
  palette: {
    ko: () => import('./palette.ko.ts').then((module) => module.paletteKo),
    en: () => import('./palette.en.ts').then((module) => module.paletteEn),
  },
  publicIp: {
    ko: () => import('./public-ip.ko.ts').then((module) => module.publicIpKo),
    en: () => import('./public-ip.en.ts').then((module) => module.publicIpEn),
  },
  list: {
    ko: () => import('./list.ko.ts').then((module) => module.listKo),
    en: () => import('./list.en.ts').then((module) => module.listEn),
  },
  routing: {
    ko: () => import('./routing.ko.ts').then((module) => module.routingKo),
    en: () => import('./routing.en.ts').then((module) => module.routingEn),
  },
  rollout: {
    ko: () => import('./rollout.ko.ts').then((module) => module.rolloutKo),
    en: () => import('./rollout.en.ts').then((module) => module.rolloutEn),
  },
} as const satisfies Record<string, Load>;

export type WordsPart = keyof typeof parts;

const open = new Set<WordsPart>(['base']);
const loaded = new Set<string>();

async function load(language: Language): Promise<void> {
  const missing = [...open].filter((part) => !loaded.has(`${language} ${part}`));
  const words = await Promise.all(missing.map((part) => parts[part][language]()));
  if (!i18next.isInitialized) {
    await i18next.use(initReactI18next).init({
      lng: language,
      fallbackLng: false,
      resources: {},
      // React escapes what it renders
      interpolation: { escapeValue: false },
    });
  }
  for (const [index, part] of missing.entries()) {
    i18next.addResourceBundle(language, 'translation', words[index] as Partial<Messages>, true, true);
    loaded.add(`${language} ${part}`);
  }
}

/** Loads the words of `language` and makes it the current one. */
export async function switchWords(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
}

/** Loads the words of parts of the console, now and whenever the language is switched. */
export async function openWords(...wanted: WordsPart[]): Promise<void> {
  for (const part of wanted) open.add(part);
  await load(chosenLanguage());
}
