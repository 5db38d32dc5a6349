import { useTranslation } from 'react-i18next';

/** Fields and values of the log in words; what these do not know stays as it is. */
export function useDetailWords(): {
  label: (key: string) => string;
  value: (key: string, value: string | number | boolean) => string;
} {
  const { t, i18n } = useTranslation();
  const said = (key: string): string | null =>
    // as plain text: the key's own type would say that it is always there
    i18n.exists(key) ? t(key as 'activityDetail.field.name') : null;
  // a dot would lead into another branch of the catalogue
  const plain = (text: string) => /^\w+$/.test(text);
  return {
    label: (key) => (plain(key) && said(`activityDetail.field.${key}`)) || key,
    value: (key, value) => {
      if (typeof value === 'boolean') return t(value ? 'activityDetail.yes' : 'activityDetail.no');
      const text = String(value);
      return (plain(key) && plain(text) && said(`activityDetail.value.${key}.${text}`)) || text;
    },
  };
}
