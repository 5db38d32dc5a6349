import { useEffect, useState } from 'react';
import type { Line } from '../drafts/lines.ts';
import type { Session } from '../drafts/session.ts';

/** A rule that is shown: from then on it is followed by its id, for its number moves with other rules. */
interface Followed {
  /** family, table and chain */
  place: string;
  id: string;
  /** the number that the page's address had for it */
  asked: number;
}

const numberOf = ({ to, from }: Line): number | null => to ?? from;

/**
 * The rule that the page's address asks for by its number.
 * @param onNumber called with the number that the address should have; without one when the rule is gone
 */
export function useOpenLine(
  place: string,
  lines: readonly Line[],
  asked: number | undefined,
  renamed: ReadonlyMap<string, string> | undefined,
  onNumber: (number?: number) => void,
): Line | undefined {
  const [followed, setFollowed] = useState<Followed | null>(null);
  const find = (id: string) => lines.find(({ entry }) => entry.id === id);
  const known =
    followed?.place === place
      ? (find(followed.id) ?? find(renamed?.get(followed.id) ?? followed.id))
      : undefined;
  const isSame = known !== undefined && (asked === followed?.asked || asked === numberOf(known));
  const line =
    asked === undefined ? undefined : isSame ? known : lines.find((each) => numberOf(each) === asked);
  const number = line && (numberOf(line) ?? undefined);
  if (
    line &&
    asked !== undefined &&
    !(isSame && followed?.asked === asked && followed.id === line.entry.id)
  ) {
    setFollowed({ place, id: line.entry.id, asked });
  } else if (asked === undefined && followed) {
    setFollowed(null);
  }
  useEffect(() => {
    if (asked !== number) onNumber(number);
  });
  return line;
}

export function renamedIn({ renamed }: Session, table: string, chain: string) {
  return renamed.get(`${table} ${chain}`);
}
