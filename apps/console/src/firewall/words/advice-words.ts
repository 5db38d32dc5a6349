import type { Advice } from '@moru/netfilter';
import { useTranslation } from 'react-i18next';

/** What an administrator should know of a command before it runs, in the page's language. */
export function useAdviceWords(): (advice: Pick<Advice, 'code' | 'params'>) => string {
  const { t } = useTranslation();
  return ({ code, params }) => t(`advice.${code}`, params);
}
