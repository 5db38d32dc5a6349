import type { Look, Question } from '../checks/look.ts';
import type { TextQuestion, TextRead } from '../text/read-text.ts';

/** What is worked out beside the page, by kind, so that the page never waits for it. */
export interface Questions {
  look: Question;
  text: TextQuestion;
}

export interface Answers {
  look: Look;
  text: TextRead;
}
