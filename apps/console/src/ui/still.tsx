import { type FunctionComponent, memo, useInsertionEffect, useRef, useState } from 'react';

type Callback = (...parameters: unknown[]) => unknown;

/**
 * A part that is drawn anew only when something that it shows is another. Functions that it is given may be new ones
 * each time: the latest is called, and none of them counts as a difference. Not for parts that call one while they are
 * drawn.
 */
export function still<Props extends object>(Part: FunctionComponent<Props>): FunctionComponent<Props> {
  const Drawn = memo(Part) as FunctionComponent<Props>;
  return (props) => <Drawn {...useLatest(props)} />;
}

/** The same props with each function as one that calls the latest of its name. */
function useLatest<Props extends object>(props: Props): Props {
  const latest = useRef(props);
  useInsertionEffect(() => {
    latest.current = props;
  });
  const [callers] = useState(() => new Map<string, Callback>());
  const callerOf = (name: string): Callback => {
    const known = callers.get(name);
    if (known) return known;
    const caller: Callback = (...parameters) => {
      const callback = latest.current[name as keyof Props] as Callback | undefined;
      return callback?.(...parameters);
    };
    callers.set(name, caller);
    return caller;
  };
  const entries = Object.entries(props).map(([name, value]) => [
    name,
    // a ref that is a function is called with what it was given before
    typeof value === 'function' && name !== 'ref' ? callerOf(name) : value,
  ]);
  return Object.fromEntries(entries) as Props;
}
