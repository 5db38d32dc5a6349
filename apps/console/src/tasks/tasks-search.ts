import { pageOf } from '../http/list-search.ts';

export interface TasksSearch {
  /** only what is under way or wants a decision */
  open?: true;
  page?: number;
}

export function tasksSearch(search: Record<string, unknown>): TasksSearch {
  return { ...(String(search.open) === 'true' ? { open: true as const } : {}), ...pageOf(search.page) };
}
