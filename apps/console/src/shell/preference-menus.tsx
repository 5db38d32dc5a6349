import { useTranslation } from 'react-i18next';
import { switchWords } from '../i18n/setup.ts';
import { MenuButton } from '../ui/menu-button.tsx';
import { type Language, language, storeLanguage, storeTheme, type Theme, useTheme } from './preferences.ts';

const themes: Theme[] = ['system', 'light', 'dark'];

export function LanguageMenu() {
  const { t } = useTranslation();
  const current = language();
  const names: Record<Language, string> = { ko: t('shell.korean'), en: t('shell.english') };
  const choose = (value: Language) => {
    storeLanguage(value);
    void switchWords(value);
  };
  return (
    <MenuButton
      look="anvil"
      icon="globe"
      label={t('shell.language')}
      aria-label={t('shell.languageIs', { name: names[current] })}
      groups={() => [
        {
          id: 'language',
          title: t('shell.language'),
          selected: current,
          actions: (['ko', 'en'] as const).map((id) => ({
            id,
            label: names[id],
            onAction: () => choose(id),
          })),
        },
      ]}
    >
      <span className="hidden narrow:inline">{names[current]}</span>
    </MenuButton>
  );
}

export function ThemeMenu() {
  const { t } = useTranslation();
  const current = useTheme();
  return (
    <MenuButton
      look="anvil"
      icon="sun"
      label={t('shell.theme')}
      groups={() => [
        {
          id: 'theme',
          title: t('shell.theme'),
          selected: current,
          actions: themes.map((id) => ({ id, label: t(`theme.${id}`), onAction: () => storeTheme(id) })),
        },
      ]}
    />
  );
}
