import { cx } from '../../ui/cx.ts';
import { useEditor } from '../editor.tsx';
import { listingColumns } from '../words/line-words.ts';
import { DraftMark } from './draft-mark.tsx';
import { cell, roles } from './grid-columns.ts';
import type { RuleRowProps } from './rule-row.tsx';

/** The columns of `iptables -nL --line-numbers --verbose`, word for word. */
export function ListingCells({ line, family, counted }: RuleRowProps) {
  const { dialect } = useEditor();
  const { entry, mark } = line;
  const columns = listingColumns(entry.rule, family, dialect);
  const look = cx(
    cell,
    'font-mono text-12 tabular-nums',
    (mark === 'deleted' || entry.off) && 'text-fg-3 line-through decoration-1',
  );
  const texts = [
    columns.target,
    columns.prot,
    columns.opt,
    columns.in,
    columns.out,
    columns.source,
    columns.destination,
  ];
  return (
    <>
      <td {...roles.cell} title={counted?.exact} className={cx(look, 'justify-end')}>
        {counted?.short ?? '0'}
      </td>
      <td {...roles.cell} title={counted?.bytes} className={cx(look, 'justify-end')}>
        {counted?.shortBytes ?? '0'}
      </td>
      {texts.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is the column
        <td {...roles.cell} key={index} className={look} title={text}>
          <span className="truncate">{text}</span>
        </td>
      ))}
      <td {...roles.cell} className={cx(look, 'gap-2')} title={columns.rest}>
        <span className="truncate">{columns.rest}</span>
        {mark && <DraftMark mark={mark} />}
      </td>
    </>
  );
}
