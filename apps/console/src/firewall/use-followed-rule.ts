import { useEffect, useState } from 'react';
import { numberNow, type RuleMark, type RuleRow } from './rule-set.ts';

interface Followed extends RuleMark {
  /** the chain that it stands in */
  place: string;
  /** the number that the page's address had for it */
  asked: number;
}

/**
 * The rule that the inspector shows. The number of the page's address chooses it; from then on the rule itself is
 * followed, for its number moves when the host's rules change.
 * @param onMove called with the number that the address should have, or without one when the rule is gone
 */
export function useFollowedRule(
  place: string,
  rows: readonly RuleRow[],
  asked: number | undefined,
  onMove: (number?: number) => void,
): RuleRow | undefined {
  const [followed, setFollowed] = useState<Followed | null>(null);
  // the address follows a moment later, so for that long it may still have the number before
  const isSame =
    followed !== null && followed.place === place && (asked === followed.asked || asked === followed.number);
  const number = isSame ? numberNow(rows, followed) : asked;
  const row = rows.find((each) => each.number === number);
  if (asked === undefined || (!row && !isSame)) {
    if (followed) setFollowed(null);
  } else if (row && !(isSame && followed.asked === asked && isMarked(row, followed))) {
    setFollowed({ place, asked, number: row.number, text: row.text, rank: row.rank });
  }
  const now = row?.number;
  useEffect(() => {
    if (asked !== now) onMove(now);
  });
  return row;
}

function isMarked(row: RuleMark, mark: RuleMark): boolean {
  return row.number === mark.number && row.text === mark.text && row.rank === mark.rank;
}
