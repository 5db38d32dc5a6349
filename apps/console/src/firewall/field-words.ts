import { useTranslation } from 'react-i18next';

type Params = Record<string, string | number>;

/** What is wrong with a field, by netfilter's or the BFF's code. A code without words is said in general. */
export function useFieldWords(): (code: string, params?: Params) => string {
  const { t, i18n } = useTranslation();
  return (code, params = {}) => {
    const key = `fieldError.${code}`;
    return i18n.exists(key) ? t(key as 'fieldError.other', params) : t('fieldError.other');
  };
}
