import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Icon } from '../ui/icon.tsx';
import { useFollowed } from './followed.ts';
import { openOperationsQuery } from './task-queries.ts';

/** 진행 작업 in the top bar, with how many are under way or wait for a decision. */
export function TasksLink() {
  const { t } = useTranslation();
  const { data } = useQuery(openOperationsQuery);
  const count = (data?.page.total ?? 0) + useFollowed().length;
  return (
    <Link
      to="/tasks"
      data-testid="tasks-link"
      className="inline-flex h-10 items-center gap-1.5 rounded-4 px-2 whitespace-nowrap hover:bg-anvil-2 narrow:h-8 narrow:px-3"
    >
      <Icon name={count > 0 ? 'half' : 'check'} />
      <span className="max-narrow:sr-only">{t('shell.tasks')}</span>
      {count > 0 && (
        <span className="rounded-full bg-anvil-3 px-1.5 text-11 leading-[18px] font-semibold tabular-nums">
          {count}
        </span>
      )}
    </Link>
  );
}
