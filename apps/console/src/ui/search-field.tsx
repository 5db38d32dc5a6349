import { Button } from 'react-aria-components/Button';
import { SearchField as AriaSearchField, Input } from 'react-aria-components/SearchField';
import { useTranslation } from 'react-i18next';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';

interface SearchFieldProps {
  /** also the placeholder */
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** Enter was pressed, or the focus went elsewhere */
  onLeave?: () => void;
  autoFocus?: boolean;
  className?: string;
}

export function SearchField({
  label,
  value,
  onChange,
  onLeave,
  autoFocus = false,
  className,
}: SearchFieldProps) {
  const { t } = useTranslation();
  return (
    <AriaSearchField
      aria-label={label}
      autoFocus={autoFocus}
      value={value}
      onChange={onChange}
      {...(onLeave && { onSubmit: onLeave, onBlur: onLeave })}
      className={cx(
        'group flex h-10 min-w-0 items-center gap-1.5 rounded-4 border border-control bg-surface pl-2.5 focus-within:border-focus focus-within:ring-1 focus-within:ring-focus narrow:h-8',
        className,
      )}
    >
      <Icon name="search" className="text-fg-3" />
      <Input
        placeholder={label}
        className="h-full min-w-0 flex-1 bg-transparent pr-2 outline-none [&::-webkit-search-cancel-button]:hidden"
      />
      <Button
        aria-label={t('common.clear')}
        className="mr-1 grid size-6 flex-none cursor-pointer place-items-center rounded-4 text-fg-3 group-data-empty:hidden data-hovered:bg-hover"
      >
        <Icon name="close" size={12} />
      </Button>
    </AriaSearchField>
  );
}
