import { useTranslation } from 'react-i18next';
import { cx } from '../../ui/cx.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { linesBetween } from './lines-between.ts';

const looks = {
  same: { mark: ' ', look: 'text-fg-2' },
  removed: { mark: '−', look: 'bg-bad-tint text-bad' },
  added: { mark: '+', look: 'bg-good-tint text-good' },
} as const;

interface FileDifferenceProps {
  path: string;
  /** null: the file is not there yet */
  before: string | null;
  after: string;
}

/** What would be written to a file of the host, against what stands there. */
export function FileDifference({ path, before, after }: FileDifferenceProps) {
  const { t } = useTranslation();
  return (
    <figure data-testid="file-difference" className="min-w-0">
      <figcaption className="flex flex-wrap items-center gap-2 pb-1 text-12">
        <code translate="no" className="font-mono">
          {path}
        </code>
        {before === null && <span className="text-fg-3">{t('routesReview.newFile')}</span>}
      </figcaption>
      <ScrollRegion label={t('routesReview.difference', { path })}>
        <pre
          translate="no"
          className="w-max min-w-full rounded-4 border border-line bg-canvas py-1 font-mono text-12 leading-[1.5]"
        >
          {linesBetween(before ?? '', after).map(({ change, text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same line may stand twice
            <span key={index} className={cx('block px-2', looks[change].look)}>
              {`${looks[change].mark} ${text}`}
            </span>
          ))}
        </pre>
      </ScrollRegion>
    </figure>
  );
}
