import type { Look, Question } from '../checks/look.ts';
import type { PacketAnswer, PacketQuestion } from '../packet/judge.ts';
import type { TextQuestion, TextRead } from '../text/read-text.ts';
import type { ImportQuestion, ImportRead } from '../transfer/read-import.ts';

/** What is worked out beside the page, by kind, so that the page never waits for it. */
export interface Questions {
  look: Question;
  text: TextQuestion;
  import: ImportQuestion;
  packet: PacketQuestion;
}

export interface Answers {
  look: Look;
  text: TextRead;
  import: ImportRead;
  packet: PacketAnswer;
}
