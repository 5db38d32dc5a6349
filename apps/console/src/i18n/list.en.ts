import type { listKo } from './list.ko.ts';
import type { Words } from './messages.ts';

/** Words of what opens over a list: its filters and its columns. */
export const listEn: Words<typeof listKo> = {
  list: {
    filters: 'Filters',
    findValue: 'Find a value',
    found: '{{count}} found',
    noFilter: 'No filter is set.',
    showAll: 'Show all {{count}}',
    columns: 'Choose columns',
    shown: 'Columns',
    width: 'Width ({{min}}–{{max}} px)',
    widthOf: 'Width of {{column}}',
    widthWrong: 'A whole number from {{min}} to {{max}}',
    automatic: 'auto',
    kept: 'Kept for your account.',
    usual: 'Reset',
    isUsual: 'Nothing was changed.',
  },
};
