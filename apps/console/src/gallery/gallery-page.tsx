import { createInstance } from 'i18next';
import { I18nextProvider } from 'react-i18next';
import { en } from '../i18n/en.ts';
import { ko } from '../i18n/ko.ts';
import { Announcer } from '../ui/announcer.tsx';
import { ActionSamples } from './action-samples.tsx';
import { FieldSamples } from './field-samples.tsx';
import { ListSamples } from './list-samples.tsx';
import { NoticeSamples } from './notice-samples.tsx';

const words = { ko: { translation: ko }, en: { translation: en } };

/** The words of one language, whatever the console speaks around it. */
function wordsOf(language: keyof typeof words) {
  const instance = createInstance();
  void instance.init({
    lng: language,
    resources: words,
    initAsync: false,
    interpolation: { escapeValue: false },
  });
  return instance;
}

const panels = (['light', 'dark'] as const).flatMap((theme) =>
  (['ko', 'en'] as const).map((language) => ({ theme, language, i18n: wordsOf(language) })),
);

/** Every part of `ui/` in all its states, in both themes and both languages. Of `npm run dev` alone. */
export function GalleryPage() {
  return (
    <main className="h-dvh overflow-auto bg-canvas">
      <h1 className="sr-only" translate="no">
        ui
      </h1>
      <div className="grid wide:grid-cols-2">
        {panels.map(({ theme, language, i18n }) => (
          <section
            key={`${theme} ${language}`}
            aria-label={`${theme} ${language}`}
            data-theme={theme}
            data-testid="gallery-panel"
            lang={language}
            className="grid min-w-0 content-start gap-4 bg-canvas py-4 text-fg narrow:px-5"
          >
            <I18nextProvider i18n={i18n}>
              <Announcer>
                <ActionSamples />
                <FieldSamples />
                <NoticeSamples />
                <ListSamples />
              </Announcer>
            </I18nextProvider>
          </section>
        ))}
      </div>
    </main>
  );
}
