import type { Words } from './messages.ts';
import type { viewsKo } from './views.ko.ts';

export const viewsEn: Words<typeof viewsKo> = {
  history: {
    title: 'History',
    none: 'No change was kept on this host yet. Once a trial is kept or the rules are saved, they are listed here.',
    one: 'Rules no. {{number}}',
    reason: { initial: 'Before the first change', trial: 'Trial', saved: 'Saved rules' },
    changes: 'added {{added}} · deleted {{removed}}',
    policies: 'policies {{count}}',
    restore: 'Restore as a draft',
    drafted: 'Rules no. {{number}} are in the draft',
    note: 'back to rules no. {{number}}',
    same: 'These are the rules of now. There is nothing to restore.',
    rules: 'The rules of then (IPv4)',
    first: 'The oldest that is kept: there is nothing to compare it with.',
    difference: 'What differs from no. {{number}}',
    equal: 'The rules are those of the one before.',
    removed: 'deleted',
    added: 'added',
    chain: { created: 'chain created', deleted: 'chain deleted' },
  },
  transfer: {
    menu: 'Export and import',
    export: 'Export to a file (draft included)',
    import: 'Import rules',
    importText:
      'Reads the output of iptables-save and iptables -S -v, and exported files. Tables in the file take its content; other tables and other programs’ chains stay.',
    importNote: 'Only the draft changes. The host gets it when you review and apply.',
    file: 'File',
    pasted: 'Or paste',
    nothing: 'There is no rule that can be read.',
    found: 'chains {{chains}} · rules {{rules}}',
    note: 'imported rules',
  },
};
