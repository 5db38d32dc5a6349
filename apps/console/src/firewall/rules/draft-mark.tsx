import { useTranslation } from 'react-i18next';
import type { Mark } from '../drafts/lines.ts';

/** What the draft does to a rule: sign and word, in the one colour of drafts. */
export function DraftMark({ mark }: { mark: Mark }) {
  const { t } = useTranslation();
  return (
    <span className="inline-flex h-5 flex-none items-center rounded-[3px] border border-heat-line bg-surface px-1.5 text-11 leading-none font-semibold whitespace-nowrap text-heat-text">
      {t(`mark.${mark}`)}
    </span>
  );
}
