import { type ComponentType, type ReactNode, useEffect, useReducer, useState } from 'react';

/** A part of the page whose code comes when it is first wanted. */
export interface OnDemand<Props> {
  (props: Props): ReactNode;
  /** fetches it ahead, as when a pointer comes near what opens it */
  preload(): void;
}

/**
 * What `lazy` and `Suspense` are for, without two of their habits: React shows a part that was suspended no sooner than
 * 300 ms after it showed its placeholder, also when the code is already there, and keeps a failed fetch for good.
 */
export function onDemand<Props extends object>(
  fetchPart: () => Promise<ComponentType<Props>>,
  placeholder: ReactNode = null,
): OnDemand<Props> {
  const source = sourceOf(fetchPart);
  return Object.assign(
    (props: Props) => <Fetched source={source} props={props} placeholder={placeholder} />,
    {
      // who opens the part is told of a failure, who only comes near it is not
      preload: () => void source.load().catch(() => undefined),
    },
  );
}

interface Source<Props> {
  part: ComponentType<Props> | null;
  load(): Promise<void>;
}

function sourceOf<Props>(fetchPart: () => Promise<ComponentType<Props>>): Source<Props> {
  let coming: Promise<void> | null = null;
  const source: Source<Props> = {
    part: null,
    async load() {
      if (source.part) return;
      coming ??= fetchPart()
        .then((part) => {
          source.part = part;
        })
        .finally(() => {
          coming = null;
        });
      await coming;
    },
  };
  return source;
}

interface FetchedProps<Props> {
  source: Source<Props>;
  props: Props;
  placeholder: ReactNode;
}

function Fetched<Props extends object>({ source, props, placeholder }: FetchedProps<Props>) {
  const [, show] = useReducer((shown: number) => shown + 1, 0);
  const [failure, setFailure] = useState<{ error: unknown } | null>(null);
  const Part = source.part;
  const isMissing = Part === null;
  useEffect(() => {
    if (!isMissing) return;
    let isGone = false;
    source.load().then(
      () => isGone || show(),
      (error: unknown) => isGone || setFailure({ error }),
    );
    return () => {
      isGone = true;
    };
  }, [source, isMissing]);
  // to the page's own notice, which tries anew
  if (failure) throw failure.error;
  return Part ? <Part {...props} /> : placeholder;
}
