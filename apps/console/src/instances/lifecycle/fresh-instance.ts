import type { Instance } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { instanceQuery } from '../instance-queries.ts';

/** The instance as the cloud has it now: the row that opened a dialog may be seconds old. */
export function useFreshInstance(opened: Instance): Instance {
  const { data = opened } = useQuery({ ...instanceQuery(opened.id), initialData: opened });
  return data;
}
