import { type ErrorComponentProps, Link, Outlet, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { useToastsWanted } from '../ui/toast.ts';

const Toaster = onDemand(() => import('../ui/toaster.tsx').then((module) => module.Toaster));

export function Root() {
  const toastsWanted = useToastsWanted();
  return (
    <>
      <Outlet />
      {toastsWanted && <Toaster />}
    </>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <div className="grid content-start gap-2 p-6">
      <h1 className="text-21">{t('notFound.title')}</h1>
      <p className="text-fg-2">{t('notFound.text')}</p>
      <p>
        <Link to="/instances" className="text-link">
          {t('notFound.home')}
        </Link>
      </p>
    </div>
  );
}

/** Stands in for a page that could not be shown; the shell around it stays. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <div className="p-6">
      <FailureNotice
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </div>
  );
}
