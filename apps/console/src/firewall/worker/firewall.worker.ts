import { lookAt } from '../checks/look.ts';
import { readText } from '../text/read-text.ts';
import type { Answers, Questions } from './questions.ts';

type Asked = { [Kind in keyof Questions]: { kind: Kind; question: Questions[Kind] } }[keyof Questions];

self.onmessage = ({ data }: MessageEvent<Asked>) => self.postMessage(answerTo(data));

function answerTo(asked: Asked): Answers[keyof Answers] {
  return asked.kind === 'look' ? lookAt(asked.question) : readText(asked.question);
}
