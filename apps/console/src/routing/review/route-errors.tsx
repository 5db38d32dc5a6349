import type { FieldError } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../ui/banner.tsx';

/** Why the edits cannot be made, by the host's codes; one without words of its own is said in general. */
export function RouteErrors({ errors }: { errors: readonly FieldError[] }) {
  const { t, i18n } = useTranslation();
  if (errors.length === 0) return null;
  const words = (code: string) => {
    // the codes have a dot of their own, which a key would take apart
    const key = `routesError.${code.replace('route.', '')}`;
    return i18n.exists(key) ? t(key as 'routesError.other') : t('routesError.other');
  };
  return (
    <Banner tone="lost" stacked title={t('routesReview.wrong')}>
      <ul data-testid="route-errors">
        {errors.map(({ field, code, detail }) => (
          <li key={`${field} ${code}`}>
            {words(code)}{' '}
            <span translate="no" className="font-mono text-12">
              {detail ?? code}
            </span>
          </li>
        ))}
      </ul>
    </Banner>
  );
}
