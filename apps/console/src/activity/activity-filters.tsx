import { useTranslation } from 'react-i18next';
import { Address } from '../ui/address.tsx';
import { Button } from '../ui/button.tsx';
import { DateField } from '../ui/date-field.tsx';
import { FilterField } from '../ui/filter-field.tsx';
import { Select } from '../ui/select.tsx';
import { type ActivitySearch, kinds } from './activity-queries.ts';

interface ActivityFiltersProps {
  search: ActivitySearch;
  /** what is undefined is taken away; every change begins on the first page */
  onChange: (change: { [Key in keyof ActivitySearch]?: ActivitySearch[Key] | undefined }) => void;
}

const every = 'all';
const phases = ['succeeded', 'failed', 'unknown', 'refused', 'intent'] as const;

export function ActivityFilters({ search, onChange }: ActivityFiltersProps) {
  const { t } = useTranslation();
  const chosen = (value: string) => (value === every ? undefined : value);
  return (
    <>
      <FilterField
        label={t('activity.filter')}
        value={search.q ?? ''}
        onChange={(q) => onChange({ q: q || undefined })}
      />
      <div className="w-36">
        <Select
          label={t('activity.kind')}
          value={search.kind ?? every}
          options={[
            { id: every, label: t('activity.everyKind') },
            ...Object.keys(kinds).map((id) => ({
              id,
              label: t(`activity.kinds.${id as keyof typeof kinds}`),
            })),
          ]}
          onChange={(value) => onChange({ kind: chosen(value) as ActivitySearch['kind'] })}
        />
      </div>
      <div className="w-36">
        <Select
          label={t('activity.outcome')}
          value={search.phase ?? every}
          options={[
            { id: every, label: t('activity.everyOutcome') },
            ...phases.map((id) => ({ id, label: t(`activity.phase.${id}`) })),
          ]}
          onChange={(value) => onChange({ phase: chosen(value) as ActivitySearch['phase'] })}
        />
      </div>
      <DateField
        label={t('activity.from')}
        value={search.from ?? ''}
        onChange={(from) => onChange({ from: from || undefined })}
      />
      <DateField
        label={t('activity.to')}
        value={search.to ?? ''}
        onChange={(to) => onChange({ to: to || undefined })}
      />
      {search.target && (
        <span className="inline-flex h-8 min-w-0 items-center gap-1 rounded-4 border border-line-strong bg-sunken pl-2.5 text-12">
          <span className="text-fg-3">{t('activity.target')}</span>
          <Address className="max-w-48 truncate text-12!">{search.target}</Address>
          <Button
            look="quiet"
            size="xs"
            icon="close"
            aria-label={t('activity.everyTarget')}
            onPress={() => onChange({ target: undefined })}
          />
        </span>
      )}
    </>
  );
}
