import { isKeyOf } from '../http/list-search.ts';

/** Whose output the table shows: net-tools as in the guide, or iproute2 of either family. */
export type RoutesView = 'route' | 'ip' | 'ip6';
const views: Record<RoutesView, true> = { route: true, ip: true, ip6: true };

export function routingSearch(search: Record<string, unknown>): { view?: RoutesView } {
  return isKeyOf(views, search.view) && search.view !== 'route' ? { view: search.view } : {};
}

// an edit that puts a route back carries the whole route; a person makes a few at a time
const longestEdits = 16_384;

export interface RoutesReviewSearch {
  /** edits as JSON, read where they are shown: the schemas travel with that page */
  edits?: string;
  /** the trial whose course and end are shown */
  trial?: string;
}

export function routesReviewSearch(search: Record<string, unknown>): RoutesReviewSearch {
  return {
    ...(typeof search.edits === 'string' && search.edits.length <= longestEdits
      ? { edits: search.edits }
      : {}),
    ...(typeof search.trial === 'string' && /^[\w-]{1,64}$/.test(search.trial)
      ? { trial: search.trial }
      : {}),
  };
}
