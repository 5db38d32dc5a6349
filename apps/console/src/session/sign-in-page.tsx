import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { AnvilMark } from '../shell/anvil-mark.tsx';
import { LanguageMenu, ThemeMenu } from '../shell/preference-menus.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import { forgetSession, installationQuery, signIn } from './session-queries.ts';
import { SignInForm } from './sign-in-form.tsx';

// what an installation is called where nobody named it: `npm start` and MORU_INSTALLATION_NAME
const unnamed = ['default', 'Moru'];

export function SignInPage() {
  const { t } = useTranslation();
  const { next } = useSearch({ from: '/sign-in' });
  const router = useRouter();
  const queries = useQueryClient();
  const installation = useQuery(installationQuery);
  usePageTitle(t('signIn.title'));
  const name = unnamed.includes(installation.data?.name ?? '') ? null : installation.data?.name;
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex h-12 flex-none items-center gap-1 bg-anvil px-3 text-on-anvil [--focus:var(--anvil-focus)]">
        <span className="flex-1" />
        <LanguageMenu />
        <ThemeMenu />
      </header>
      <main className="grid flex-1 content-start justify-items-center px-4 py-8 narrow:py-16">
        <div className="w-full max-w-[400px]">
          <div className="mb-5 flex items-center gap-3">
            <span className="grid size-11 flex-none place-items-center rounded-6 bg-anvil">
              <AnvilMark className="size-8" />
            </span>
            <div>
              <h1 className="text-21 leading-tight">{t('signIn.heading')}</h1>
              {name ? (
                <p className="text-fg-3">{name}</p>
              ) : (
                installation.data?.embedded && <p className="text-fg-3">{t('signIn.embedded')}</p>
              )}
            </div>
          </div>
          <div className="rounded-6 border border-line bg-surface p-4 shadow-1 narrow:p-6">
            {installation.error && (
              <FailureNotice error={installation.error} onRetry={installation.refetch} className="mb-4" />
            )}
            <SignInForm
              send={signIn}
              onSignedIn={(session) => {
                forgetSession(queries, session);
                router.history.push(next ?? '/instances');
              }}
            />
          </div>
          <p className="mt-3 text-11 text-fg-3">
            {t('app.name')} {installation.data?.version}
          </p>
        </div>
      </main>
    </div>
  );
}
