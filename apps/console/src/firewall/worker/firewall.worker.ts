import { lookAt } from '../checks/look.ts';
import { judge } from '../packet/judge.ts';
import { readText } from '../text/read-text.ts';
import { readImport } from '../transfer/read-import.ts';
import type { Answers, Questions } from './questions.ts';

type Asked = { [Kind in keyof Questions]: { kind: Kind; question: Questions[Kind] } }[keyof Questions];

self.onmessage = ({ data }: MessageEvent<Asked>) => self.postMessage(answerTo(data));

function answerTo(asked: Asked): Answers[keyof Answers] {
  switch (asked.kind) {
    case 'look':
      return lookAt(asked.question);
    case 'text':
      return readText(asked.question);
    case 'packet':
      return judge(asked.question);
    case 'import':
      return readImport(asked.question);
  }
}
