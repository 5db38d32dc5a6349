import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../i18n/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { draftsQuery } from '../drafts/draft-queries.ts';
import { useEditor } from '../editor.tsx';

/** Who else is about to change this host. */
export function OthersDrafts() {
  const { t } = useTranslation();
  const { instance } = useEditor();
  const { data } = useQuery(draftsQuery(instance.id));
  if (!data?.others.length) return null;
  return (
    <ul
      data-testid="others-drafts"
      className="flex-none border-b border-info-line bg-info-tint px-4 py-1.5 text-12"
    >
      {data.others.map(({ name, steps, at }) => (
        <li key={`${name} ${at}`} className="flex items-start gap-2">
          <Icon name="info" size={12} className="mt-0.5 text-info" />
          <span>
            <b>{t('draft.others', { name })}</b>{' '}
            <span className="text-fg-2">{t('draft.othersText', { count: steps, time: dateTime(at) })}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
