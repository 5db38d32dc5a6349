import type { NetfilterError } from '@moru/netfilter';
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

/** What is wrong with a typed text: the word that is to blame, why, and what was expected. */
export function useErrorWords(): (error: NetfilterError) => string {
  const { t } = useTranslation();
  const words = useFieldWords();
  return ({ code, params, word, expected, line }) => {
    const said = words(code, { ...params, ...(expected === undefined ? {} : { expected }) });
    const at = word === undefined || word === '' ? said : t('errorAt.word', { word, said });
    const hinted = expected === undefined ? at : t('errorAt.expected', { said: at, expected });
    return line !== undefined && line > 1 ? t('errorAt.line', { line, said: hinted }) : hinted;
  };
}
