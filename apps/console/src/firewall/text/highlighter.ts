import { type Range, RangeSetBuilder } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';

const marks = {
  comment: Decoration.mark({ class: 'cm-comment' }),
  head: Decoration.mark({ class: 'cm-head' }),
  option: Decoration.mark({ class: 'cm-option' }),
  target: Decoration.mark({ class: 'cm-target' }),
};

// what stands further right is seen by nobody
const longestLine = 4_000;

const word = /"(?:\\.|[^"\\])*"?|\S+/g;

function marksOf(text: string, from: number): Range<Decoration>[] {
  if (text.startsWith('#')) return text ? [marks.comment.range(from, from + text.length)] : [];
  if (/^[*:]|^COMMIT/.test(text)) return [marks.head.range(from, from + text.length)];
  const found: Range<Decoration>[] = [];
  let before = '';
  for (const { 0: each, index } of text.matchAll(word)) {
    const start = from + index;
    if (/^-j$|^-g$|^--jump$|^--goto$/.test(before))
      found.push(marks.target.range(start, start + each.length));
    else if (/^-{1,2}[A-Za-z]/.test(each)) found.push(marks.option.range(start, start + each.length));
    before = each;
  }
  return found;
}

function visibleMarks({ visibleRanges, state }: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  let last = -1;
  for (const { from, to } of visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = state.doc.lineAt(at);
      at = line.to + 1;
      if (line.from <= last) continue;
      last = line.from;
      const text = state.doc.sliceString(line.from, Math.min(line.to, line.from + longestLine));
      for (const mark of marksOf(text, line.from)) builder.add(mark.from, mark.to, mark.value);
    }
  }
  return builder.finish();
}

/** Colours options, targets, headers and comments of the lines in view. */
export const highlighter = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = visibleMarks(view);
    }
    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged) this.decorations = visibleMarks(update.view);
    }
  },
  { decorations: ({ decorations }) => decorations },
);
