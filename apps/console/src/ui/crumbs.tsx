import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';

// beside a title there is room for the last step only
const narrowSteps = 'max-narrow:[&>*:nth-last-child(n+3)]:hidden';

/** Where a page stands. `trailing`: the page's own title follows beside it. */
export function Crumbs({ items, trailing = false }: { items: ReactNode[]; trailing?: boolean }) {
  const { t } = useTranslation();
  return (
    <nav
      aria-label={t('shell.crumbs')}
      className={cx('flex items-center gap-1.5 text-12 whitespace-nowrap text-fg-3', trailing && narrowSteps)}
    >
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place in the path is the identity
        <Fragment key={index}>
          {index > 0 && <Icon name="chevronRight" size={12} className="text-fg-off" />}
          {/* an element of its own, or a narrow window could not leave it out */}
          <span>{item}</span>
        </Fragment>
      ))}
      {trailing && <Icon name="chevronRight" size={12} className="text-fg-off" />}
    </nav>
  );
}
