import { NetfilterError } from '@moru/netfilter';
import { useEffect, useMemo, useState } from 'react';
import type { DraftRules } from '../drafts/draft-rules.ts';
import { useEditor } from '../editor.tsx';
import { createAsker } from '../worker/asker.ts';
import { draftText, editsOfText, foreignChanges } from './draft-text.ts';
import type { TextRead } from './read-text.ts';
import { keepWritten, type Written, writtenOf } from './written.ts';

const askForText = createAsker('text');

/** Twice what the largest rule sets have; a longer text is a file by mistake. */
export const longestText = 4_000_000;

export interface TextState {
  text: string;
  /** differs from what it was made of */
  isChanged: boolean;
  /** the draft, or the host, moved on since */
  isBehind: boolean;
  /** of this very text; null while it is read */
  read: TextRead | null;
  isTooLong: boolean;
  /** chains of other programs in which something was written */
  foreign: string[];
  /** what was wrong with taking it over: it clashes with what happened since, or cannot be planned */
  refused: 'clash' | NetfilterError | null;
  write(text: string): void;
  /** makes the text part of the draft, once it is read and right */
  apply(text: string): void;
  /** begins anew with the draft as it is */
  restart(): void;
}

/** A table of the draft as text, which becomes edits of the draft when it is applied. */
export function useText(sessionKey: string, table: string, onApplied: (edits: number) => void): TextState {
  const { session, actions } = useEditor();
  const now = session.draft.rules;
  const key = `${sessionKey} ${table}`;
  const [written, setWritten] = useState<Written>(() => writtenOf(key) ?? freshOf(now, table));
  const [answer, setAnswer] = useState<{ text: string; read: TextRead } | null>(null);
  const [wanted, setWanted] = useState<string | null>(null);
  const [refused, setRefused] = useState<TextState['refused']>(null);
  const original = useMemo(() => draftText(written.since, table), [written.since, table]);
  const { text, since } = written;
  const isChanged = text !== original;
  const isTooLong = text.length > longestText;

  const set = (next: Written, changed: boolean) => {
    setWritten(next);
    keepWritten(key, changed ? next : null);
  };
  useEffect(() => {
    if (!isChanged && since !== now) setWritten(freshOf(now, table));
  }, [isChanged, since, now, table]);
  useEffect(() => {
    if (text.length > longestText) return;
    return askForText({ text, family: now.family, table }, (read) => setAnswer({ text, read }));
  }, [text, table, now.family]);
  const read = answer?.text === text ? answer.read : null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the edits of the moment when the text has been read
  useEffect(() => {
    if (wanted !== text || !read) return;
    setWanted(null);
    if (!read.chains) return;
    try {
      const edits = editsOfText(now, since, table, read.chains);
      if (!edits) return setRefused('clash');
      actions.add(edits);
      // what was written is in the draft: the text follows the draft again
      const kept = { text: original, since };
      set(kept, false);
      onApplied(edits.length);
    } catch (error) {
      if (!(error instanceof NetfilterError)) throw error;
      setRefused(error);
    }
  }, [wanted, text, read]);

  return {
    ...{ text, isChanged, isTooLong, read, refused },
    isBehind: isChanged && since !== now,
    foreign: useMemo(
      () => (read?.chains && isChanged ? foreignChanges(since, table, read.chains) : []),
      [read, isChanged, since, table],
    ),
    write(next) {
      setRefused(null);
      set({ text: next, since }, next !== original);
    },
    apply: setWanted,
    restart() {
      setRefused(null);
      set(freshOf(now, table), false);
    },
  };
}

const freshOf = (rules: DraftRules, table: string): Written => ({
  text: draftText(rules, table),
  since: rules,
});
