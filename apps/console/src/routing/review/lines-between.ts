export interface DifferenceLine {
  change: 'same' | 'removed' | 'added';
  text: string;
}

/** Where two texts of a configuration file differ, line by line: the longest common subsequence stays. */
export function linesBetween(before: string, after: string): DifferenceLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  // lengths[i][j]: of the longest common subsequence of a from i and b from j
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DifferenceLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      lines.push({ change: 'same', text: left });
      i += 1;
      j += 1;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ change: 'removed', text: left });
      i += 1;
    } else if (right !== undefined) {
      lines.push({ change: 'added', text: right });
      j += 1;
    }
  }
  return lines;
}

function linesOf(text: string): string[] {
  if (text === '') return [];
  return text.replace(/\n$/, '').split('\n');
}
